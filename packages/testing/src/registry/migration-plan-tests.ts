import type { NewMigrationPlan, PlannedFilter, PlannedTenant } from "@af-tenancy/core";
import { expect, it } from "vitest";
import type { MakeRegistry } from "./central-registry-harness.ts";

const plan: NewMigrationPlan = {
  ...{ id: "plan-1", direction: "up", options: { waves: [1], lockMs: 5 } },
  ...{ upToDate: 7, actor: "deploy" },
};
const waiting = { state: "waiting", attempts: 0, mark: undefined, result: undefined } as const;

/** Checks that a registry keeps plans that migrate the fleet and what became of their tenants. */
export function migrationPlanTests(make: MakeRegistry): void {
  const tenants = ["a", "b", "c", "A"].map((tenantId, position) => ({
    ...{ tenantId, position, wave: Math.min(position, 1) },
  }));

  async function planned() {
    const registry = await make();
    const kept = await registry.transaction(({ migrationPlans }) =>
      migrationPlans.insert(plan, tenants),
    );
    const list = (filter?: PlannedFilter, id = plan.id) =>
      registry.transaction(({ plannedTenants }) => plannedTenants.list(id, filter));
    const save = (some: readonly PlannedTenant[]) =>
      registry.transaction(({ plannedTenants }) => plannedTenants.save(plan.id, some));
    return { registry, kept, list, save };
  }

  it("gives a plan and its tenants as they were written", async () => {
    const { registry, kept, list } = await planned();

    const found = await registry.transaction(({ migrationPlans }) => migrationPlans.find(plan.id));

    expect(kept).toEqual({ ...plan, createdAt: kept.createdAt });
    expect(Number.isSafeInteger(kept.createdAt)).toBe(true);
    expect(found).toEqual(kept);
    expect(await list()).toEqual(tenants.map((tenant) => ({ ...tenant, ...waiting })));
    expect(await list({}, "plan-2")).toEqual([]);
    const nothing = registry.transaction(({ migrationPlans }) => migrationPlans.find("PLAN-1"));
    expect(await nothing).toBeUndefined();
  });

  it("refuses a second plan with the same id, and keeps the first", async () => {
    const { registry, list } = await planned();

    const second = registry.transaction(({ migrationPlans }) =>
      migrationPlans.insert({ ...plan, upToDate: 0 }, []),
    );

    await expect(second).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(await list()).toHaveLength(4);
  });

  it("gives plans, newest first", async () => {
    const { registry } = await planned();
    for (const id of ["plan-0", "plan-2"]) {
      await registry.transaction(({ migrationPlans }) =>
        migrationPlans.insert({ ...plan, id, actor: undefined }, []),
      );
    }

    const listed = await registry.transaction(({ migrationPlans }) => migrationPlans.list(2));

    expect(listed.map(({ id }) => id)).toEqual(["plan-2", "plan-0"]);
    expect(listed[0]?.actor).toBeUndefined();
  });

  it("keeps what became of tenants, each in its own place, and counts them by wave", async () => {
    const { registry, list, save } = await planned();
    const failure = {
      ...{ code: "MIGRATION_FAILED", message: "It failed." },
      ...{ migration: "0002-b", sql: "alter table x" },
    };
    const migrations = [{ name: "0001-a", milliseconds: 1.5 }];
    const result = { before: undefined, after: "0001-a", migrations, failure };
    const done = { ...result, failure: undefined };
    const [first, , , last] = await list();

    await save([
      { ...(last as PlannedTenant), state: "quarantined", attempts: 2, result },
      { ...(first as PlannedTenant), state: "done", attempts: 1, result: done },
    ]);
    const counts = await registry.transaction(({ migrationPlans }) =>
      migrationPlans.count(plan.id),
    );

    const [saved, untouched, , other] = await list();
    expect(saved).toEqual({ ...first, state: "done", attempts: 1, result: done });
    expect(untouched).toMatchObject({ tenantId: "b", ...waiting });
    expect(other).toEqual({ ...last, state: "quarantined", attempts: 2, result });
    expect(counts).toHaveLength(3);
    expect(counts[0]).toEqual({ wave: 0, state: "done", tenants: 1 });
    expect(counts).toContainEqual({ wave: 1, state: "waiting", tenants: 2 });
    expect(counts).toContainEqual({ wave: 1, state: "quarantined", tenants: 1 });
  });

  it("keeps how far a tenant was before its tables were taken back", async () => {
    const { list, save } = await planned();
    const [first] = await list();
    const mark = { applied: 3, latest: 1_700_000_000_000 };

    await save([{ ...(first as PlannedTenant), mark }]);

    expect((await list())[0]).toEqual({ ...first, mark });
  });

  it("gives the tenants of states, waves and ids, page by page", async () => {
    const { list, save } = await planned();
    const [first] = await list();
    await save([{ ...(first as PlannedTenant), state: "failed" }]);
    const ids = async (filter: PlannedFilter) =>
      (await list(filter)).map(({ tenantId }) => tenantId);

    expect(await ids({ states: ["failed"] })).toEqual(["a"]);
    expect(await ids({ wave: 1 })).toEqual(["b", "c", "A"]);
    expect(await ids({ wave: 1, limit: 2 })).toEqual(["b", "c"]);
    expect(await ids({ wave: 1, limit: 2, after: 2 })).toEqual(["A"]);
    expect(await ids({ tenantIds: ["A", "nobody"] })).toEqual(["A"]);
    expect(await ids({ states: ["waiting"], tenantIds: ["a", "b"] })).toEqual(["b"]);
  });
}
