import type { NewAuditEntry } from "@af-tenancy/core";
import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme, globex } from "../fixtures/tenant-record.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

/** Checks the trail of who did what. */
export function auditTests(make: MakeRegistry): void {
  const suspended = entry({
    ...{ action: "tenant.suspended", tenantId: acme().id, actor: "user:1" },
    ...{ cause: { requestId: "request-1", reason: "unpaid" }, details: { invoice: "ä 7" } },
  });
  const renamed = entry({ action: "tenant.renamed", tenantId: globex().id, actor: "user:2" });
  const started = entry({ action: "fleet.started" });

  async function withEntries() {
    const registry = await make();
    for (const one of [suspended, renamed, started]) {
      await registry.transaction(({ audit }) => audit.append(one));
    }
    return registry;
  }

  it("gives entries back as they were written, newest first, with time and number", async () => {
    const registry = await withEntries();

    const entries = await registry.transaction(({ audit }) => audit.list());

    expect(entries.map(({ sequence: _sequence, at: _at, ...rest }) => rest)).toEqual([
      started,
      renamed,
      suspended,
    ]);
    const numbers = entries.map(({ sequence }) => sequence);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => other - one));
    for (const { at } of entries) expect(at).toBeGreaterThan(1_600_000_000_000);
  });

  it("gives those that a filter names, page by page", async () => {
    const registry = await withEntries();

    const lists = await registry.transaction(async ({ audit }) => {
      const [newest] = await audit.list({ limit: 1 });
      return [
        await audit.list({ tenantId: acme().id }),
        await audit.list({ actor: "user:2" }),
        await audit.list({ action: "fleet.started" }),
        await audit.list({ before: newest?.sequence ?? 0, limit: 1 }),
        await audit.list({ limit: 0 }),
        await audit.list({ actor: "USER:2" }),
      ];
    });

    expect(lists.map((list) => list.map(({ action }) => action))).toEqual([
      ["tenant.suspended"],
      ["tenant.renamed"],
      ["fleet.started"],
      ["tenant.renamed"],
      [],
      [],
    ]);
  });

  it("keeps no entry of a transaction that was rolled back", async () => {
    const registry = await make();

    const failed = registry.transaction(async ({ audit }) => {
      await audit.append(started);
      throw new InvalidInputError("work", "it", "it fails on purpose");
    });

    await expect(failed).rejects.toThrow("on purpose");
    expect(await registry.transaction(({ audit }) => audit.list())).toEqual([]);
  });

  it("removes what is older than a time, and says how much that was", async () => {
    const registry = await withEntries();
    const [newest] = await registry.transaction(({ audit }) => audit.list({ limit: 1 }));
    const at = newest?.at ?? 0;

    const kept = await registry.transaction(({ audit }) => audit.prune(at - 3_600_000));
    const removed = await registry.transaction(({ audit }) => audit.prune(at + 1));

    expect([kept, removed]).toEqual([0, 3]);
    expect(await registry.transaction(({ audit }) => audit.list())).toEqual([]);
  });
}

function entry(values: Partial<NewAuditEntry>): NewAuditEntry {
  return {
    ...{ action: "act", tenantId: undefined, actor: undefined, cause: {}, details: null },
    ...values,
  };
}
