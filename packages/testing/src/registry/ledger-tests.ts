import type { LedgerEntry } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme, globex } from "../fixtures/tenant-record.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";
import { withTenants } from "./with-tenants.ts";

/** Checks that the ledger loses no physical database. */
export function ledgerTests(makeEmpty: MakeRegistry): void {
  const make = () => withTenants(makeEmpty);
  const first = entry(acme().id, "t_acme_g1", 1);
  const second = entry(acme().id, "t_acme_g2", 2);
  const other = entry(globex().id, "t_globex_g1", 1);

  it("gives the entries of one tenant, of a state, of both, and of all", async () => {
    const registry = await make();
    const doomed = { ...second, state: "garbage" } as const;
    const state = "garbage";

    const [own, all, none, garbage, both] = await registry.transaction(async ({ ledger }) => {
      for (const one of [first, doomed, other]) await ledger.record(one);
      return [
        ...[await ledger.list({ tenantId: acme().id }), await ledger.list()],
        ...[await ledger.list({ tenantId: "nobody" }), await ledger.list({ state })],
        await ledger.list({ tenantId: globex().id, state }),
      ];
    });

    expect(byName(own)).toEqual([first, doomed]);
    expect(byName(all)).toEqual([first, doomed, other]);
    expect(none).toEqual([]);
    expect(garbage).toEqual([doomed]);
    expect(both).toEqual([]);
  });

  it("replaces the entry of the same database", async () => {
    const registry = await make();

    const entries = await registry.transaction(async ({ ledger }) => {
      await ledger.record(first);
      await ledger.record({ ...first, state: "ready" });
      return ledger.list();
    });

    expect(entries).toEqual([{ ...first, state: "ready" }]);
  });

  it("F058: leaves a database to the tenant that has it, and says whose it is", async () => {
    const registry = await make();
    await registry.transaction(({ ledger }) => ledger.record({ ...first, state: "ready" }));

    const taken = registry.transaction(({ ledger }) =>
      ledger.record({ ...other, placement: first.placement }),
    );

    await expect(taken).rejects.toMatchObject({ code: "DATABASE_OWNED", status: 409 });
    const [entries, found, none] = await registry.transaction(async ({ ledger }) => [
      await ledger.list(),
      await ledger.find({ ...first.placement, generation: 9 }),
      await ledger.find(second.placement),
    ]);
    expect(entries).toEqual([{ ...first, state: "ready" }]);
    expect(found).toEqual({ ...first, state: "ready" });
    expect(none).toBeUndefined();
  });

  it("takes one name on two servers for two databases", async () => {
    const registry = await make();
    const elsewhere = { ...first, placement: { ...first.placement, server: "eu-2" } };

    const [both, left] = await registry.transaction(async ({ ledger }) => {
      await ledger.record(first);
      await ledger.record(elsewhere);
      const recorded = await ledger.list();
      await ledger.forget(first.placement);
      return [recorded, await ledger.list()];
    });

    expect(both).toHaveLength(2);
    expect(left).toEqual([elsewhere]);
  });

  it("forgets one entry and nothing else", async () => {
    const registry = await make();
    await registry.transaction(async ({ ledger }) => {
      for (const one of [first, second, other]) await ledger.record(one);
    });

    await registry.transaction(async ({ ledger }) => {
      await ledger.forget(first.placement);
      await ledger.forget(first.placement);
    });

    const left = await registry.transaction(({ ledger }) => ledger.list());
    expect(byName(left)).toEqual([second, other]);
  });

  it("remembers databases of a tenant that was removed", async () => {
    const registry = await make();
    await registry.transaction(({ ledger }) => ledger.record({ ...first, state: "garbage" }));

    await registry.transaction(({ tenants }) => tenants.remove(acme().id, 1));

    const left = await registry.transaction(({ ledger }) => ledger.list());
    expect(left).toEqual([{ ...first, state: "garbage" }]);
  });
}

function entry(tenantId: string, name: string, generation: number): LedgerEntry {
  return {
    tenantId,
    placement: {
      driver: "memory",
      strategy: "database",
      server: "default",
      name,
      generation,
      secret: undefined,
    },
    state: "creating",
  };
}

function byName(entries: readonly LedgerEntry[] = []): readonly LedgerEntry[] {
  return [...entries].sort((one, two) => (one.placement.name < two.placement.name ? -1 : 1));
}
