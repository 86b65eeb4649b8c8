import { compare } from "./compare.ts";
import { mysqlCreation } from "./create-tenant/mysql-case.ts";
import { postgresqlCreation } from "./create-tenant/postgresql-case.ts";
import { sqliteCreation } from "./create-tenant/sqlite-case.ts";
import { report } from "./report.ts";

// Promise: making a tenant of thirty entities, journalled, verified and at full durability, against the same by hand with
// six commits: at least 0.75 of the tenants per second on every driver.
const cases = {
  sqlite: { make: sqliteCreation, times: 5 },
  postgresql: { make: postgresqlCreation, times: 2 },
  mysql: { make: mysqlCreation, times: 2 },
} as const;

for (const [name, { make, times }] of Object.entries(cases)) {
  const { ours, baseline, close } = await make();
  const result = await compare({ ours: repeated(ours), baseline: repeated(baseline), times });
  report({
    name: `create-tenant/${name}`,
    ratio: 1 / result.ratio,
    ours: 1e9 / result.ours,
    baseline: 1e9 / result.baseline,
    unit: "tenants/s",
  });
  await close();
}

function repeated(work: () => Promise<void>): (times: number) => Promise<void> {
  return async (times) => {
    for (let done = 0; done < times; done++) await work();
  };
}
