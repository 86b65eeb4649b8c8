import type { PlannedTenant } from "@af-tenancy/core";
import type { MigrationOutput } from "../outputs/migration-output.ts";
import { keptFailure } from "../tenants/kept-failure.ts";

type PlannedOutput = MigrationOutput["tenants"][number];

/** Tells what became of a tenant of a plan. */
export function tenantOfPlan(
  { wave, state, attempts, result }: PlannedTenant,
  tenant: string,
): PlannedOutput {
  const { before, after, migrations = [], failure } = result ?? {};
  return {
    ...{ tenant, wave, state, attempts },
    ...{ before: before ?? null, after: after ?? null },
    milliseconds: sum(migrations.map(({ milliseconds }) => milliseconds)),
    migrations: migrations.map(({ name, milliseconds }) => ({ name, milliseconds })),
    error:
      failure === undefined
        ? null
        : {
            ...keptFailure(failure),
            ...{ migration: failure.migration ?? null, sql: failure.sql ?? null },
          },
  };
}

/** Tells of each migration how many tenants have had it and how long that took, in the order in which they came. */
export function migrationTotals(tenants: readonly PlannedOutput[]): MigrationOutput["migrations"] {
  const totals = new Map<string, MigrationOutput["migrations"][number]>();
  const of = (name: string) => {
    const known = totals.get(name) ?? { name, done: 0, failed: 0, milliseconds: 0, longest: 0 };
    totals.set(name, known);
    return known;
  };
  for (const { migrations, error } of tenants) {
    for (const { name, milliseconds } of migrations) {
      const total = of(name);
      total.done += 1;
      total.milliseconds += milliseconds;
      total.longest = Math.max(total.longest, milliseconds);
    }
    if (error?.migration) of(error.migration).failed += 1;
  }
  return [...totals.values()];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
