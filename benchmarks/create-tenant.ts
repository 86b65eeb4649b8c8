import { compare } from "./compare.ts";
import { mysqlCreation } from "./create-tenant/mysql-case.ts";
import { postgresqlCreation } from "./create-tenant/postgresql-case.ts";
import { sqliteCreation } from "./create-tenant/sqlite-case.ts";
import { quantile } from "./quantile.ts";
import { report } from "./report.ts";

// Promise: making a tenant of thirty entities, journalled, verified and at full durability, against the same by hand with
// six commits: at least 0.75 of the tenants per second on every driver. Pulling a pending one takes less than 10 ms, p50.
const cases = {
  sqlite: { make: sqliteCreation, times: 5 },
  postgresql: { make: postgresqlCreation, times: 2 },
  mysql: { make: mysqlCreation, times: 2 },
} as const;

/** Milliseconds that are promised for the pull of a pending tenant. */
const longestPull = 10;

for (const [name, { make, times }] of Object.entries(cases)) {
  const { ours, baseline, pulls, close } = await make();
  const result = await compare({ ours: repeated(ours), baseline: repeated(baseline), times });
  report({
    name: `create-tenant/${name}`,
    ratio: 1 / result.ratio,
    ours: 1e9 / result.ours,
    baseline: 1e9 / result.baseline,
    unit: "tenants/s",
  });
  const p50 = quantile(await pulls(25), 0.5);
  report({
    name: `create-tenant/${name}/pull`,
    ratio: p50 / longestPull,
    ours: p50,
    baseline: longestPull,
    unit: "ms",
  });
  await close();
}

function repeated(work: () => Promise<void>): (times: number) => Promise<void> {
  return async (times) => {
    for (let done = 0; done < times; done++) await work();
  };
}
