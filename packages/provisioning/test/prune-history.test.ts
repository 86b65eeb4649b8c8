import { ConfigurationError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { provisioning } from "../src/index.ts";
import { installation } from "./support/installation.ts";

const day = 86_400_000;

it("removes what was kept for long enough, in as many batches as it takes, and tells before what that is", async () => {
  const { join, registry, clock } = installation();
  const { tenants } = await join();
  await tenants.create({ slug: "acme" });
  const many = Array.from({ length: 1_100 }, (_, version) => ({
    ...{ type: "tenant.updated", tenantId: "acme", version, payload: {} },
  }));
  await registry.transaction(({ outbox }) => outbox.appendAll(many));
  await clock.advance(8 * day);

  const rehearsed = await tenants.prune({ dryRun: true });
  const stillThere = await registry.changes.readAfter(0, 1);
  const pruned = await tenants.prune();

  expect(stillThere).toHaveLength(1);
  expect(rehearsed).toEqual({ changes: 1_101, operations: 0, plans: 0 });
  expect(pruned).toEqual(rehearsed);
  await clock.advance(90 * day);
  expect(await tenants.prune()).toEqual({ changes: 0, operations: 1, plans: 0 });
});

it("keeps for ever what it is told to, and whatever a consumer has not had", async () => {
  const { join, registry, clock } = installation();
  const retention = { changesMs: 3_600_000, operationsMs: Number.POSITIVE_INFINITY };
  const { tenants } = await join({ retention });
  await registry.transaction(({ outbox }) => outbox.moveCursor("mail", 0));
  await tenants.create({ slug: "acme" });
  await clock.advance(1_000 * day);

  const kept = await tenants.sweep();
  await registry.transaction(({ outbox }) => outbox.retire("mail"));
  const left = await tenants.sweep({ pruneHistory: false });
  const pruned = await tenants.sweep();

  expect(kept.pruned).toEqual({ changes: 0, operations: 0, plans: 0 });
  expect(left.pruned).toEqual({ changes: 0, operations: 0, plans: 0 });
  expect(pruned.pruned).toEqual({ changes: 1, operations: 0, plans: 0 });
});

it.each([
  ["nothing", null],
  ["another name", { auditMs: day }],
  ["less than an hour", { changesMs: 3_599_999 }],
  ["a part of a millisecond", { plansMs: day + 0.5 }],
  ["a text", { operationsMs: "90 days" }],
])("refuses %s for how long something is kept", (_, retention) => {
  expect(() => provisioning({ retention: retention as never })).toThrow(ConfigurationError);
});

it("refuses options of a pruning that it does not know, and prunes nothing then", async () => {
  const { tenants } = await installation().join();

  await expect(tenants.prune({ dry: true } as never)).rejects.toThrow(ConfigurationError);
  await expect(tenants.prune({ dryRun: 1 } as never)).rejects.toThrow(ConfigurationError);
});
