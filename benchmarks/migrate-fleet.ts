import { compare } from "./compare.ts";
import { postgresqlFleet } from "./migrate-fleet/postgresql-case.ts";
import { sqliteFleet } from "./migrate-fleet/sqlite-case.ts";
import { report } from "./report.ts";

// Promise: bringing 1,000 SQLite tenants and 100 PostgreSQL schemas through ten migrations by plans, against the same SQL
// sent by the bare driver: at least 0.7 of the tenants per second.
const [rounds, warming] = [15, 1];
const cases = {
  sqlite: { make: sqliteFleet, times: 66 },
  postgresql: { make: postgresqlFleet, times: 40 },
} as const;

for (const [name, { make, times }] of Object.entries(cases)) {
  // Each round is a plan of so many tenants that nobody has migrated yet, and as many by hand: on each side 1,056 files and
  // 640 schemas in all.
  const { ours, baseline, close } = await make(times * (rounds + warming));
  const result = await compare({ ours, baseline, times, rounds, warming });
  report({
    name: `migrate-fleet/${name}`,
    ratio: 1 / result.ratio,
    ours: 1e9 / result.ours,
    baseline: 1e9 / result.baseline,
    unit: "tenants/s",
  });
  await close();
}
