import type { TenancyEventMap } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { sequenceIds } from "../../src/index.ts";
import { installation } from "../support/installation.ts";
import { journalOf } from "../support/journal-of.ts";
import { codeThrownBy, thrownBy } from "../support/thrown-by.ts";

describe("C151: an id that was used before", () => {
  it("is generated again, also that of a tenant that is gone", async () => {
    const { join } = installation();
    const { tenants, events } = await join({ generateId: giving("a", "a", "b", "a", "b", "c") });
    const told: string[] = [];
    events.on("databaseCreating", ({ tenant }: TenancyEventMap["databaseCreating"]) => {
      told.push(tenant.id);
    });

    const first = await tenants.create({ slug: "acme" });
    await tenants.purge(first.id, { skipGrace: true });
    const second = await tenants.create({ slug: "acme" });
    const third = await tenants.create({ slug: "globex" });

    expect([first.id, second.id, third.id]).toEqual(["a", "b", "c"]);
    expect(third).toMatchObject({ slug: "globex", status: "active" });
    expect(told).toEqual(["a", "a", "b", "a", "b", "c"]);
  });

  it("is given up after five, and nothing is left", async () => {
    const { join, registry } = installation();
    let generated = 0;
    const generateId = () => {
      generated += 1;
      return "a";
    };
    const { tenants } = await join({ generateId });
    await tenants.create({ slug: "acme" });
    const before = await journalOf(registry);

    const thrown = await thrownBy(() => tenants.create({ slug: "globex" }));

    expect(thrown).toMatchObject({
      code: "INVALID_CONFIGURATION",
      key: "provisioning.generateId",
      cause: { code: "TENANT_EXISTS" },
    });
    expect(generated).toBe(6);
    expect(await journalOf(registry)).toEqual(before);
  });

  it("is not changed when the caller named it, and a taken slug is no reason to try again", async () => {
    const { join } = installation();
    let generated = 0;
    const generateId = () => {
      generated += 1;
      return `id-${generated}`;
    };
    const { tenants } = await join({ generateId });
    await tenants.create({ slug: "acme" });

    expect(await codeThrownBy(() => tenants.create({ id: "id-1", slug: "other" }))).toBe(
      "TENANT_EXISTS",
    );
    expect(await codeThrownBy(() => tenants.create({ slug: "acme" }))).toBe("SLUG_TAKEN");
    expect(generated).toBe(2);
  });

  it("is passed over by a sequence that all processes share", async () => {
    const { join } = installation();
    const one = await join({ generateId: sequenceIds() });
    const other = await join({ generateId: sequenceIds() });
    await one.tenants.create({ id: "2", slug: "old" });

    const made = await Promise.all([
      one.tenants.create({ slug: "a" }),
      other.tenants.create({ slug: "b" }),
      one.tenants.create({ slug: "c" }),
      other.tenants.create({ slug: "d" }),
    ]);

    expect(made.map(({ id }) => id).sort()).toEqual(["1", "3", "4", "5"]);
  });
});

/** Gives these, one after the other. */
function giving(...ids: string[]): () => string {
  return () => ids.shift() ?? "none";
}
