import { defineCommand } from "../command/define-command.ts";
import { list, on, whole } from "../command/flags.ts";
import type { Session } from "../command/session.ts";
import { selectionFlags } from "../command/shared-flags.ts";
import { englishChecks, listOfChecks } from "../doctor/english-checks.ts";
import type { Finding } from "../doctor/finding.ts";
import { germanChecks } from "../doctor/german-checks.ts";
import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import type { DoctorOutput } from "../outputs/doctor-output.ts";
import { factsOf } from "../report-error.ts";
import { measure } from "../tenants/measure.ts";
import { selectFleet } from "../tenants/select-fleet.ts";

/** `doctor`: looks for what is wrong, and mends what can be taken back. */
export const doctor = defineCommand({
  path: "doctor",
  kind: "changes",
  arguments: {},
  flags: {
    ...selectionFlags,
    limit: whole("NUMBER", 1),
    instances: whole("NUMBER", 1),
    ignore: list("CHECK,..."),
    fix: on(),
  },
  examples: [
    "doctor",
    "doctor --fix --dry-run",
    "doctor --instances 4 --ignore mysql/lower-case-names --json",
  ],
  exits: [0, 1, 2, 130],
  output: "doctor",
  texts: {
    en: {
      brief: "Looks for what is wrong with registry, servers and tenants' databases",
      description: `Exits with 1 while something is wrong. --fix mends what can be taken back and touches nobody's data; it says what it does.\n\nIts checks, and what they find:\n\n${listOfChecks(englishChecks)}`,
      arguments: {},
      flags: {
        limit: "How many tenants' databases are looked at one by one; 50 when absent",
        instances: "How many processes of the application share the servers; 1 when absent",
        ignore: "Checks whose findings are left out",
        fix: "Mend what can be taken back",
      },
      dryRun: "What was found, and what --fix would do about it; nothing is mended",
      nothing: "Nothing is wrong.",
      looked: (count: number) => `Tenants whose databases were looked at: ${count}.`,
      more: "There are more: raise --limit.",
      recording: (tenant: string, database: string) =>
        `write the database "${database}" of tenant "${tenant}" into the registry's list again`,
      possible: (does: string) => `--fix would: ${does}`,
      done: (does: string) => `mended: ${does}`,
      failed: (does: string, error: string) => `not mended: ${does}: ${error}`,
      unknown: "give ids of checks, as --help lists them",
    },
    de: {
      brief: "Sucht, was an Register, Servern und Datenbanken der Mandanten nicht stimmt",
      description: `Endet mit 1, solange etwas nicht stimmt. --fix behebt, was zurückzunehmen ist und niemandes Daten berührt, und sagt, was es tut.\n\nDie Prüfungen, und was sie finden:\n\n${listOfChecks(germanChecks)}`,
      arguments: {},
      flags: {
        limit: "Wie viele Datenbanken von Mandanten einzeln angesehen werden; ohne Angabe 50",
        instances: "Wie viele Prozesse der Anwendung sich die Server teilen; ohne Angabe 1",
        ignore: "Prüfungen, deren Funde weggelassen werden",
        fix: "Behebt, was zurückzunehmen ist",
      },
      dryRun: "Was gefunden wurde, und was --fix tun würde; behoben wird nichts",
      nothing: "Alles stimmt.",
      looked: (count: number) => `Mandanten, deren Datenbanken angesehen wurden: ${count}.`,
      more: "Es gibt mehr: --limit erhöhen.",
      recording: (tenant: string, database: string) =>
        `die Datenbank „${database}“ des Mandanten „${tenant}“ wieder ins Verzeichnis des Registers schreiben`,
      possible: (does: string) => `--fix würde: ${does}`,
      done: (does: string) => `behoben: ${does}`,
      failed: (does: string, error: string) => `nicht behoben: ${does}: ${error}`,
      unknown: "Namen von Prüfungen angeben, wie --help sie aufzählt",
    },
  },
  async run(session, { limit = 50, instances = 1, ignore = [], fix = false, ...selection }) {
    const { texts, catalogue, settings, refuse } = session;
    const strange = ignore.find((id) => !Object.hasOwn(englishChecks, id));
    if (strange !== undefined) {
      refuse(catalogue.refusals.badValue("--ignore", strange, texts.unknown));
    }
    const cost = measure();
    const { askDoctors, notStarted } = await import("../doctor/ask-doctors.ts");
    let found: readonly Finding[];
    let looked = 0;
    let more = false;
    const opened = await session.application().catch((error: unknown) => {
      // A call that is wrong stays one.
      if (exitCodeOf(factsOf(error, catalogue).code) === exitCodes.usage) throw error;
      return { error };
    });
    if ("error" in opened) found = [notStarted(session, opened.error)];
    else {
      const look = async () => {
        const fleet = await selectFleet(session, selection);
        const tenants = fleet.slice(0, limit);
        looked = tenants.length;
        more = fleet.length > looked;
        return askDoctors(session, opened, { tenants, instances, recording: texts.recording });
      };
      found = await look();
      if (found.length > 0) found = foundAgain(found, await look());
    }
    const findings: DoctorOutput["findings"] = [];
    for (const finding of found) {
      if (ignore.includes(finding.check)) continue;
      findings.push(await treated(session, finding, fix && !settings.dryRun));
    }
    const isLeft = findings.some(({ fix: mended }) => mended?.state !== "done");
    const value: DoctorOutput = {
      dryRun: settings.dryRun,
      ...{ tenants: looked, more, findings, cost: cost() },
    };
    return {
      value,
      exit: isLeft ? exitCodes.failed : exitCodes.ok,
      quiet: findings.map(({ check, subject }) => `${check} ${subject}`),
      show(print) {
        for (const { check, severity, subject, message, remedy, fix: mended } of findings) {
          print.line(`${check}: ${subject}`, severity === "error" ? "red" : "yellow");
          // What databases and drivers tell is English; what each check finds is not.
          if (catalogue.language === "de") print.line(`  ${foundIn(germanChecks, check)}`);
          print.line(`  ${message}`);
          if (mended?.state !== "done") print.line(`  ${catalogue.words.remedy} ${remedy}`);
          if (mended?.state === "possible") print.line(`  ${texts.possible(mended.does)}`, "cyan");
          if (mended?.state === "done") print.line(`  ${texts.done(mended.does)}`, "green");
          if (mended?.state === "failed") {
            print.line(`  ${texts.failed(mended.does, mended.error ?? "")}`, "red");
          }
        }
        if (findings.length === 0) print.line(texts.nothing, "green");
        print.line(texts.looked(looked), "dim");
        if (more) print.line(texts.more, "yellow");
      },
    };
  },
});

/** Leaves out what was only so while a tenant was being made or deleted. */
function foundAgain(before: readonly Finding[], now: readonly Finding[]): readonly Finding[] {
  const known = new Set(before.map(({ check, subject }) => JSON.stringify([check, subject])));
  return now.filter(({ check, subject }) => known.has(JSON.stringify([check, subject])));
}

/** What a check finds; one of another make has no words here. */
function foundIn(checks: Readonly<Record<string, string>>, check: string): string {
  return checks[check] ?? check;
}

/** Mends what was found, where that is asked for and can be taken back. */
async function treated(
  { catalogue }: Session,
  { fix, check, severity, subject, message, remedy }: Finding,
  mends: boolean,
): Promise<DoctorOutput["findings"][number]> {
  const told = { check, severity, subject, message, remedy };
  if (fix === undefined) return { ...told, fix: null };
  const { does } = fix;
  if (!mends) return { ...told, fix: { does, state: "possible", error: null } };
  try {
    await fix.act();
    return { ...told, fix: { does, state: "done", error: null } };
  } catch (error) {
    const { message: reason } = factsOf(error, catalogue);
    return { ...told, fix: { does, state: "failed", error: reason } };
  }
}
