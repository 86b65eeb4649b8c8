import type { CentralRegistry, OperationStore } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { codeThrownBy } from "./support/thrown-by.ts";

it("writes nothing when its registry refuses the lease of an operation that only it can know", async () => {
  const { join, registry } = installation();
  const refusing: CentralRegistry = {
    name: "refusing",
    store: registry.store,
    changes: registry.changes,
    transaction: (work) =>
      registry.transaction((transaction) => {
        const { operations } = transaction;
        const open: OperationStore["open"] = (operation) => operations.open(operation);
        const find: OperationStore["find"] = (key) => operations.find(key);
        const claim = async () => undefined;
        const refused = { ...operations, open, find, claim } as OperationStore;
        return work({ ...transaction, operations: refused });
      }),
  };
  const { tenants } = await join({ registry: refusing });

  const code = await codeThrownBy(() => tenants.create({ slug: "acme" }));

  expect(code).toBe("STALE_OPERATION");
  const { tenants: written, unfinished } = await journalOf(registry);
  expect([written, unfinished]).toEqual([[], []]);
});
