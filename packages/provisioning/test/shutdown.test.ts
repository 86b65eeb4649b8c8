import { expect, it } from "vitest";
import { installation } from "./support/installation.ts";
import { thrownBy } from "./support/thrown-by.ts";
import { type DatabaseCall, watchedDatabases } from "./support/watched-databases.ts";

const calls: readonly DatabaseCall[] = ["create", "migrate", "verify"];
const moments = calls.flatMap((call) => [["before", call] as const, ["after", call] as const]);

it.each(moments)(
  "F148: what a process that closes %s it is to %s a database leaves, another one finishes after its lease",
  async (when, call) => {
    const { join, databases, registry, clock } = installation();
    let closing: Promise<void> | undefined;
    const close = (now: DatabaseCall) => {
      if (now === call) closing ??= first.close();
    };
    const first = await join({ databases: watchedDatabases(databases, { [when]: close }) });
    const second = await join({ leaseMs: 10_000 });
    const statusOf = async (id: string) =>
      (await registry.store.find({ by: "id", value: id }))?.status;

    const error = await thrownBy(() => first.tenants.create({ id: "acme", slug: "acme" }));
    await closing;
    const left = await statusOf("acme");
    await second.tenants.repair();
    const early = await statusOf("acme");
    await clock.advance(30_000);
    await second.tenants.repair();

    expect(error).toMatchObject({
      ...{ code: "PROVISIONING_FAILED", cause: { code: "TENANCY_CLOSED" } },
    });
    expect([left, early, await statusOf("acme")]).toEqual([
      ...["provisioning", "provisioning", "active"],
    ]);
    await second.tenants.update("acme", { name: "Acme" }); // nothing is in its way
    await second.close();
  },
);
