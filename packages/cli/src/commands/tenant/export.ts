import type { RowsOut } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { choice, list, on, text } from "../../command/flags.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import type { ExportOutput } from "../../outputs/transfer-output.ts";
import { definedOnly } from "../../tenants/defined-only.ts";
import { measure } from "../../tenants/measure.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";
import { noStream, outputStream } from "../../transfer/output-stream.ts";
import { requireTransfer } from "../../transfer/require-transfer.ts";
import { RowFiles } from "../../transfer/row-files.ts";
import { rowFormat } from "../../transfer/row-format.ts";

/** `tenant export`: writes a tenant's rows to a file or to stdout. */
export const tenantExport = defineCommand({
  path: "tenant export",
  kind: "changes",
  arguments: { tenant: "required" },
  flags: {
    to: text("PATH"),
    format: choice(["jsonl", "csv"]),
    entity: list("NAME,..."),
    live: on(),
    overwrite: on(),
    ...reasonFlag,
  },
  examples: [
    "tenant export acme --to acme.jsonl",
    "tenant export acme --entity Note --format csv > notes.csv",
    "tenant export acme --to exports/ --format csv --json",
  ],
  exits: [0, 1, 2, 130],
  output: "export",
  texts: {
    en: {
      brief: "Writes a tenant's rows to a file, to a file for each entity, or to stdout",
      description:
        "`tenant import` reads them again. A file gets its name when it is whole, and only you may read it.",
      arguments: { tenant: "Its slug, id or a domain" },
      flags: {
        to: "A file, or a folder that gets a file for each entity; stdout when absent",
        format:
          "jsonl has everything, csv is for spreadsheets; as the file's name says when absent",
        entity: "Only these entities and the tables between them; all when absent",
        live: "Read each page by itself, so that nobody waits; a change meanwhile may be in it in part",
        overwrite: "Write also where a file is already",
      },
      interrupted:
        "It was interrupted: there is no file of it, and what went to stdout is not whole. The same call begins anew.",
      dryRun: "How many rows and bytes it would be: everything is read, and nothing written",
      stdoutTaken:
        "The rows go to stdout, where nothing else can be: give --to, or leave out --json and --quiet.",
      fileTaken: (path: string) =>
        `There is a file "${path}" already: choose another, or say --overwrite.`,
      noFile: (path: string) => `The file "${path}" cannot be made: check --to.`,
      unwritten: (path: string) =>
        `Not all rows could be written, and "${path}" is as it was: see the cause, or give another --to.`,
      rows: (rows: number, bytes: number) => `${rows} rows, ${bytes} bytes`,
      done: (slug: string) => `The rows of "${slug}" are written.`,
    },
    de: {
      brief: "Schreibt die Zeilen eines Mandanten in eine Datei, in je eine, oder auf stdout",
      description:
        "`tenant import` liest sie wieder. Eine Datei bekommt ihren Namen, wenn sie ganz ist, und nur Sie dürfen sie lesen.",
      arguments: { tenant: "Sein Kürzel, seine Id oder eine Domain" },
      flags: {
        to: "Eine Datei, oder ein Ordner, der je Entität eine bekommt; ohne Angabe stdout",
        format: "jsonl hat alles, csv ist für Tabellen; ohne Angabe, was der Dateiname sagt",
        entity: "Nur diese Entitäten und die Tabellen dazwischen; ohne Angabe alle",
        live: "Jede Seite für sich lesen, damit niemand wartet; eine Änderung kann halb darin sein",
        overwrite: "Auch dahin schreiben, wo schon eine Datei ist",
      },
      interrupted:
        "Es wurde unterbrochen: es gibt keine Datei davon, und was auf stdout kam, ist nicht ganz. Derselbe Aufruf beginnt von vorn.",
      dryRun: "Wie viele Zeilen und Bytes es wären: alles wird gelesen und nichts geschrieben",
      stdoutTaken:
        "Die Zeilen gehen auf stdout, wo sonst nichts sein kann: --to angeben, oder --json und --quiet weglassen.",
      fileTaken: (path: string) =>
        `Es gibt schon eine Datei „${path}“: eine andere nennen, oder --overwrite sagen.`,
      noFile: (path: string) => `Die Datei „${path}“ ist nicht anzulegen: --to prüfen.`,
      unwritten: (path: string) =>
        `Nicht alle Zeilen waren zu schreiben, und „${path}“ ist wie zuvor: siehe die Ursache, oder ein anderes --to angeben.`,
      rows: (rows: number, bytes: number) => `${rows} Zeilen, ${bytes} Bytes`,
      done: (slug: string) => `Die Zeilen von „${slug}“ sind geschrieben.`,
    },
  },
  async run(session, { tenant: named, to, format: wanted, entity, live, overwrite, reason }) {
    const { texts, settings, terminal, refuse, progress, signal, catalogue } = session;
    const { dryRun, json, quiet } = settings;
    const isFile = to !== undefined && to !== "-";
    const isPiped = !isFile && !dryRun;
    if (isPiped && (json || quiet)) refuse(texts.stdoutTaken);
    if (isPiped) terminal.keepStdout?.();
    const cost = measure();
    const tenant = await selectTenant(session, named);
    const data = await requireTransfer(session);
    const { tenancy, actor } = await session.application();
    const format = rowFormat(wanted, to);
    const { FileNotWrittenError } = await import("../../errors.ts");
    const files = isFile
      ? new RowFiles({
          ...{ folder: terminal.folder, path: to, format, dryRun, signal },
          overwrite: overwrite === true,
          taken: (path) => refuse(texts.fileTaken(path)),
          impossible: (path) => refuse(texts.noFile(path)),
          unwritten: (path, cause) => new FileNotWrittenError(texts.unwritten(path), { cause }),
        })
      : undefined;
    // Also where what reads the rows does not heed that it was stopped.
    session.atEnd(async () => files?.discard());
    const elsewhere = dryRun ? () => noStream() : outputStream(terminal.stdout);
    const rows: RowsOut = {
      ...{ format, signal, to: files?.to ?? elsewhere },
      ...definedOnly({ entities: entity, snapshot: live ? false : undefined }),
      onProgress: (far) => progress.tell(`${tenant.slug}: ${texts.rows(far.rows, far.bytes)}`),
    };
    const origin = { actor, ...(reason !== undefined && { reason }) };
    const done = await tenancy
      .run(tenant, () => data.export(rows), origin)
      .catch((error: unknown) => Promise.reject(files?.failure ?? error));
    const value: ExportOutput = {
      ...{ dryRun, tenant: tenant.slug, files: [...(files?.keep() ?? [])] },
      ...{ rows: { ...done.rows }, bytes: done.bytes, cost: cost() },
    };
    return {
      value,
      quiet: value.files,
      show(print) {
        if (isPiped) return;
        for (const [name, count] of Object.entries(value.rows)) print.line(`  ${name}  ${count}`);
        const count = Object.values(value.rows).reduce((sum, each) => sum + each, 0);
        print.line(texts.rows(count, value.bytes), "dim");
        if (dryRun) return print.line(catalogue.words.nothingChanged, "yellow");
        for (const file of value.files) print.line(`  ${file}`);
        print.line(texts.done(tenant.slug), "green");
      },
    };
  },
});
