import type { Session } from "../command/session.ts";
import type { MigrationOutput } from "../outputs/migration-output.ts";
import type { Printer } from "../terminal/printer.ts";

/** Prints what a plan did: each migration with its time, each tenant with its versions, errors and totals. */
export function showMigration(
  print: Printer,
  { catalogue }: Session,
  value: MigrationOutput,
): void {
  const { migrations: texts, words } = catalogue;
  const { columns } = texts;
  const { plan, verdict, counts, tenants } = value;
  print.rows(
    value.migrations.map(({ name, done, failed, milliseconds, longest }) => ({
      [columns.migration]: name,
      [columns.done]: String(done),
      [columns.failed]: String(failed),
      [columns.together]: String(Math.round(milliseconds)),
      [columns.longest]: String(Math.round(longest)),
    })),
  );
  print.rows(
    tenants.map(({ tenant, state, before, after, milliseconds }) => ({
      [columns.tenant]: tenant,
      [columns.state]: state,
      [columns.before]: before ?? "",
      [columns.after]: after ?? "",
      [columns.time]: String(Math.round(milliseconds)),
    })),
  );
  for (const { tenant, error } of tenants) {
    if (error === null) continue;
    print.line(`  ${tenant}  ${error.code}: ${error.message}`, "red");
    if (error.sql !== null) print.line(`    ${error.migration ?? ""}: ${error.sql}`, "dim");
  }
  if (value.stoppedAfter !== null) print.line(texts.stoppedAfter(value.stoppedAfter), "yellow");
  if (counts === null || plan === null) return;
  const { upToDate, done, waiting, skipped, gone } = counts;
  const failed = counts.failed + counts.quarantined;
  const line = texts.counts({ upToDate, done, failed, waiting, others: skipped + gone });
  print.line(line, failed > 0 ? "red" : "green");
  const { milliseconds, residentBytes } = value.cost;
  print.line(words.milliseconds(milliseconds, Math.round(residentBytes / 2 ** 20)), "dim");
  // Whoever looks beforehand knows the command, unless those who failed need more than it says.
  const needsMore = value.dryRun ? counts.quarantined > 0 : verdict !== "done";
  if (needsMore) print.line(texts.goOn(plan, counts.quarantined > 0), "yellow");
  if (value.dryRun) print.line(words.nothingChanged, "yellow");
}

/** Prints what would be sent, for whom. */
export function showSql(
  print: Printer,
  { catalogue }: Session,
  { sql, consent }: MigrationOutput,
): void {
  const { migrations: texts, words } = catalogue;
  if (sql.length === 0) print.line(texts.nothing, "dim");
  else print.line(texts.wouldRun, "yellow");
  for (const { migrations, statements, tenants, error } of sql) {
    if (error !== null) {
      print.line(`${tenants.join(", ")}  ${error.code}: ${error.message}`, "red");
      continue;
    }
    print.line(`-- ${tenants.join(", ")}: ${migrations.join(", ")}`, "dim");
    for (const statement of statements ?? []) print.line(`${statement};`);
    if (statements === null) print.line(texts.untold, "yellow");
  }
  print.line(words.nothingChanged, "yellow");
  if (consent !== null) print.line(texts.plan(consent));
}
