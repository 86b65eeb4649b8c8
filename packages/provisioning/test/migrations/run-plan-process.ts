import type { TenantMigrations } from "@af-tenancy/core";
import { type Engine, startEngine } from "./engines.ts";

/** Runs a plan and kills itself at its n-th tenant: once that is migrated, or a moment after that has begun. */
const [engine, folder = "", planId = "", where, nth] = process.argv.slice(2);
const { fleet, databases } = await startEngine(engine as Engine, folder, 4);
const migrations = databases.migrations as TenantMigrations;
const run = migrations.run.bind(migrations);
let runs = 0;

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

Object.assign(migrations, {
  async run(...args: Parameters<TenantMigrations["run"]>) {
    runs += 1;
    const isNow = runs === Number(nth);
    if (isNow && where === "within") setTimeout(die, 3);
    const done = await run(...args);
    if (isNow) die();
    return done;
  },
});
await fleet.run(planId, { concurrency: 1 });
