import { expect, it } from "vitest";
import { acme, globex } from "../fixtures/tenant-record.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";
import { withTenants } from "./with-tenants.ts";

/** Checks how a registry remembers when tenants were last entered. */
export function accessTests(makeEmpty: MakeRegistry): void {
  it("writes the times of many tenants at once and raises no version", async () => {
    const registry = await withTenants(makeEmpty, ["initech"]);

    await registry.transaction(({ accesses }) =>
      accesses.record(
        new Map([
          [acme().id, 10],
          [globex().id, 20],
          ["tenant-initech", 10],
        ]),
      ),
    );

    const find = (id: string) => registry.store.find({ by: "id", value: id });
    expect(await find(acme().id)).toEqual(acme({ lastAccessedAt: 10 }));
    expect(await find(globex().id)).toEqual(globex({ lastAccessedAt: 20 }));
    expect(await find("tenant-initech")).toMatchObject({ lastAccessedAt: 10, version: 1 });
    await registry.transaction(({ tenants }) => tenants.update(acme().id, 1, { plan: "gold" }));
    expect(await find(acme().id)).toMatchObject({ plan: "gold", lastAccessedAt: 10 });
  });

  it("never moves a time back, and passes over tenants that are not there", async () => {
    const registry = await withTenants(makeEmpty);
    const record = (time: number) =>
      registry.transaction(({ accesses }) =>
        accesses.record(
          new Map([
            ["nobody", time],
            [acme().id, time],
          ]),
        ),
      );

    for (const time of [10, 30, 20]) await record(time);

    const found = await registry.store.find({ by: "id", value: acme().id });
    expect(found?.lastAccessedAt).toBe(30);
    expect(await registry.store.find({ by: "id", value: "nobody" })).toBeUndefined();
  });

  it("writes nothing for nobody", async () => {
    const registry = await withTenants(makeEmpty);

    await registry.transaction(({ accesses }) => accesses.record(new Map()));

    expect(await registry.store.find({ by: "id", value: acme().id })).toEqual(acme());
  });
}
