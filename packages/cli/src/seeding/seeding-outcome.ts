import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { exitOf } from "../exit-codes.ts";
import type { SeedingOutput } from "../outputs/seeding-output.ts";

/** What a run tells in words. */
export interface SeedingTexts {
  readonly columns: {
    readonly seeder: string;
    readonly ran: string;
    readonly had: string;
    readonly failed: string;
    readonly rows: string;
    readonly time: string;
    readonly memory: string;
  };
  readonly would: string;
}

/** Gives the outcome of a run of seeders: each with its rows, time and memory, what failed, and totals. */
export function seedingOutcome(
  { catalogue }: Session,
  texts: SeedingTexts,
  given: Omit<SeedingOutput, "seeders">,
): Outcome {
  const { words } = catalogue;
  const { dryRun, verdict, tenants, cost } = given;
  const value: SeedingOutput = { ...given, seeders: seederTotals(tenants) };
  const count = (state: string) => tenants.filter((one) => one.state === state).length;
  const read = tenants.filter(({ error }) => error === null).length;
  const isMeant = ({ seeders }: SeedingOutput["tenants"][number]) => seeders.some(({ ran }) => ran);
  return {
    value,
    exit: dryRun
      ? exitOf({ done: read, isWhole: read === tenants.length })
      : exitOf({ done: count("done"), isWhole: verdict === "done" }),
    quiet: tenants
      .filter((one) => (dryRun ? isMeant(one) : one.state === "done"))
      .map(({ tenant }) => tenant),
    show(print) {
      if (tenants.length === 0) return print.line(words.nobody, "dim");
      if (dryRun) print.line(texts.would, "yellow");
      const { columns } = texts;
      print.rows(
        value.seeders.map(({ name, ran, had, failed, rows, milliseconds, peakRss }) => ({
          [columns.seeder]: name,
          [columns.ran]: String(ran),
          [columns.had]: String(had),
          [columns.failed]: String(failed),
          [columns.rows]: String(rows),
          [columns.time]: String(Math.round(milliseconds)),
          [columns.memory]: String(Math.round(peakRss / 2 ** 20)),
        })),
      );
      for (const { tenant, error } of tenants) {
        if (error !== null) print.line(`  ${tenant}  ${error.code}: ${error.message}`, "red");
      }
      if (dryRun) return print.line(words.nothingChanged, "yellow");
      const line = words.fleet(count("done"), count("failed"), count("waiting"));
      print.line(line, verdict === "done" ? "green" : "red");
      const megabytes = Math.round(cost.residentBytes / 2 ** 20);
      print.line(words.milliseconds(cost.milliseconds, megabytes), "dim");
    },
  };
}

/** Of each seeder what all tenants together had of it. */
function seederTotals(tenants: SeedingOutput["tenants"]): SeedingOutput["seeders"] {
  const totals = new Map<string, SeedingOutput["seeders"][number]>();
  const of = (name: string) => {
    const none = { ran: 0, had: 0, failed: 0, rows: 0, milliseconds: 0, peakRss: 0 };
    const known = totals.get(name) ?? { name, ...none };
    totals.set(name, known);
    return known;
  };
  for (const { seeders, error } of tenants) {
    for (const { name, ran, rows, milliseconds, peakRss } of seeders) {
      const total = of(name);
      if (ran) total.ran += 1;
      else total.had += 1;
      total.rows += rows;
      total.milliseconds += milliseconds;
      total.peakRss = Math.max(total.peakRss, peakRss);
    }
    if (error?.seeder) of(error.seeder).failed += 1;
  }
  return [...totals.values()];
}
