import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { RowProblem, RowsIn } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { choice, list, on, text } from "../../command/flags.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { exitOf } from "../../exit-codes.ts";
import type { ImportOutput } from "../../outputs/transfer-output.ts";
import { definedOnly } from "../../tenants/defined-only.ts";
import { measure } from "../../tenants/measure.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";
import { requireTransfer } from "../../transfer/require-transfer.ts";
import { rowFormat } from "../../transfer/row-format.ts";

/** `tenant import`: reads rows for a tenant from a file or from stdin. */
export const tenantImport = defineCommand({
  path: "tenant import",
  kind: "changes",
  arguments: { tenant: "required" },
  flags: {
    from: text("FILE"),
    format: choice(["jsonl", "csv"]),
    entity: list("NAME,..."),
    onConflict: choice(["fail", "skip", "update"]),
    skipInvalid: on(),
    inBatches: on(),
    report: text("FILE"),
    ...reasonFlag,
  },
  examples: [
    "tenant import acme --from acme.jsonl --dry-run",
    "tenant import acme --from notes.csv --entity Note --on-conflict update",
    "tenant import acme --entity Note --format csv --skip-invalid --report bad.jsonl --json < notes.csv",
  ],
  exits: [0, 1, 2, 3, 130],
  output: "import",
  texts: {
    en: {
      brief: "Reads rows for a tenant from a file or from stdin, and looks at each",
      description:
        "Everything is imported or nothing, unless --skip-invalid or --in-batches says otherwise. Whatever tenant a file names, the rows are this one's.",
      arguments: { tenant: "Its slug, id or a domain" },
      flags: {
        from: "What `tenant export` wrote, or the like; stdin when absent",
        format: "As the file's name says when absent, or else jsonl",
        entity: "Only these entities may stand in it; of csv the one whose rows they are",
        onConflict:
          "A row whose key is there already is invalid, is left as it is, or gets the values; fail when absent",
        skipInvalid: "Leave out rows that cannot be, and end with 3, or with 1 where none is left",
        inBatches:
          "Keep each batch by itself, so that what is cut short can go on with --on-conflict skip",
        report: "Write a line of JSON there for each row that cannot be",
      },
      dryRun:
        "What would be imported: everything is done and taken back, every row that cannot be is told, and 1 is the end where there is one",
      noInput: "Nothing comes in: give --from, or let a file or another command come in on stdin.",
      noFile: (path: string) => `The file "${path}" cannot be read: check --from.`,
      noReport: (path: string) =>
        `"${path}" cannot be made, or is there already: give another file to --report.`,
      oneEntity: "The rows of csv are one entity's: give --entity with its name.",
      rows: (rows: number, bytes: number) => `${rows} rows, ${bytes} bytes`,
      counts: { inserted: "inserted", updated: "updated", skipped: "skipped", invalid: "invalid" },
      issue: (line: number, where: string, code: string, message: string) =>
        `line ${line}${where === "" ? "" : ` (${where})`}: ${code}: ${message}`,
      done: (slug: string) => `The rows are with "${slug}".`,
      none: "Nothing was imported: none of the rows can be.",
      empty: "Nothing was imported: there are no rows.",
    },
    de: {
      brief: "Liest Zeilen für einen Mandanten aus einer Datei oder von stdin, und sieht jede an",
      description:
        "Alles wird eingelesen oder nichts, wenn --skip-invalid oder --in-batches nichts anderes sagt. Wen auch immer die Datei nennt, die Zeilen sind die dieses Mandanten.",
      arguments: { tenant: "Sein Kürzel, seine Id oder eine Domain" },
      flags: {
        from: "Was `tenant export` schrieb, oder dergleichen; ohne Angabe stdin",
        format: "Ohne Angabe, was der Dateiname sagt, sonst jsonl",
        entity: "Nur diese Entitäten dürfen darin stehen; bei csv die eine, deren Zeilen es sind",
        onConflict:
          "Eine Zeile, deren Schlüssel es schon gibt, ist ungültig, bleibt, wie sie ist, oder bekommt die Werte; ohne Angabe fail",
        skipInvalid:
          "Zeilen auslassen, die nicht sein können, und mit 3 enden, oder mit 1, wo keine bleibt",
        inBatches:
          "Jedes Bündel für sich behalten, damit mit --on-conflict skip weitergeht, was abbrach",
        report: "Für jede Zeile, die nicht sein kann, eine Zeile JSON dorthin schreiben",
      },
      dryRun:
        "Was eingelesen würde: alles wird getan und zurückgenommen, jede Zeile, die nicht sein kann, wird genannt, und wo es eine gibt, ist 1 das Ende",
      noInput:
        "Es kommt nichts herein: --from angeben, oder eine Datei oder einen anderen Befehl auf stdin legen.",
      noFile: (path: string) => `Die Datei „${path}“ ist nicht zu lesen: --from prüfen.`,
      noReport: (path: string) =>
        `„${path}“ ist nicht anzulegen oder schon da: --report eine andere Datei geben.`,
      oneEntity: "Die Zeilen von csv sind die einer Entität: --entity mit ihrem Namen angeben.",
      rows: (rows: number, bytes: number) => `${rows} Zeilen, ${bytes} Bytes`,
      counts: { inserted: "neu", updated: "geändert", skipped: "ausgelassen", invalid: "ungültig" },
      issue: (line: number, where: string, code: string, message: string) =>
        `Zeile ${line}${where === "" ? "" : ` (${where})`}: ${code}: ${message}`,
      done: (slug: string) => `Die Zeilen sind bei „${slug}“.`,
      none: "Nichts wurde eingelesen: keine der Zeilen kann sein.",
      empty: "Nichts wurde eingelesen: es gibt keine Zeilen.",
    },
  },
  async run(session, { tenant: named, from, format: wanted, entity, report, reason, ...how }) {
    const { texts, settings, terminal, refuse, progress, signal, catalogue } = session;
    const { dryRun } = settings;
    const isPiped = from === undefined || from === "-";
    if (isPiped && terminal.stdin.isTTY) refuse(texts.noInput);
    const format = rowFormat(wanted, from);
    const [only, ...others] = entity ?? [];
    if (format === "csv" && (only === undefined || others.length > 0)) refuse(texts.oneEntity);
    const cost = measure();
    const tenant = await selectTenant(session, named);
    const data = await requireTransfer(session);
    const { tenancy, actor } = await session.application();
    // What cannot be opened fails before anything is begun.
    const opened = (name: string, flags: string, failed: () => unknown) =>
      open(resolve(terminal.folder, name), flags, 0o600).catch(failed as () => never);
    const noFile = () => refuse(texts.noFile(from ?? ""));
    const file = isPiped ? undefined : await opened(from, "r", noFile);
    if ((await file?.stat())?.isDirectory()) await file?.close().then(noFile);
    const noReport = async (path: string) => {
      await file?.close();
      refuse(texts.noReport(path));
    };
    const told =
      report === undefined ? undefined : await opened(report, "wx", () => noReport(report));
    let invalid = 0;
    const rows: RowsIn = {
      ...{ format, signal, dryRun, from: file?.createReadStream() ?? terminal.stdin },
      ...(format === "csv" ? definedOnly({ entity: only }) : definedOnly({ entities: entity })),
      ...definedOnly({ onConflict: how.onConflict }),
      ...{ onInvalid: dryRun || how.skipInvalid ? "skip" : "stop", atomic: how.inBatches !== true },
      async onIssue(issue) {
        invalid += 1;
        await told?.write(`${JSON.stringify(issueOf(issue))}\n`);
      },
      onProgress: (far) => progress.tell(`${tenant.slug}: ${texts.rows(far.rows, far.bytes)}`),
    };
    const origin = { actor, ...(reason !== undefined && { reason }) };
    const done = await tenancy
      .run(tenant, () => data.import(rows), origin)
      .finally(() => Promise.all([file?.close(), told?.close()]));
    const value: ImportOutput = {
      ...{ dryRun, tenant: tenant.slug, invalid, issues: done.issues.map(issueOf) },
      rows: Object.fromEntries(Object.entries(done.rows).map(([name, one]) => [name, { ...one }])),
      ...{ bytes: done.bytes, cost: cost() },
    };
    const isRefused = dryRun && !how.skipInvalid;
    const kept = Object.values(value.rows).reduce(
      (sum, { inserted, updated, skipped }) => sum + inserted + updated + skipped,
      0,
    );
    return {
      value,
      exit: exitOf({ done: isRefused ? 0 : kept, isWhole: invalid === 0 }),
      quiet: [tenant.slug],
      show(print) {
        for (const [name, counts] of Object.entries(value.rows)) {
          const told = Object.entries(counts).filter(([, count]) => count > 0);
          const words = told.map(([what, count]) => `${count} ${texts.counts[what as "invalid"]}`);
          print.line(`  ${name}  ${words.join(", ")}`);
        }
        for (const { line, entity: name, column, code, message } of value.issues) {
          const where = [name, column].filter((word) => word !== null).join(".");
          print.line(`  ${texts.issue(line, where, code, message)}`, "red");
        }
        if (dryRun) print.line(catalogue.words.nothingChanged, "yellow");
        else if (kept > 0) print.line(texts.done(tenant.slug), "green");
        else if (invalid > 0) print.line(texts.none, "red");
        else print.line(texts.empty, "yellow");
      },
    };
  },
});

function issueOf({
  line,
  entity,
  column,
  code,
  message,
}: RowProblem): ImportOutput["issues"][number] {
  return { line, entity: entity ?? null, column: column ?? null, code, message };
}
