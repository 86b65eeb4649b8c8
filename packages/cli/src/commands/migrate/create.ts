import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { defineCommand } from "../../command/define-command.ts";
import { text } from "../../command/flags.ts";
import { loadOptions, locateConfig } from "../../config/load-options.ts";
import { writeNewFile } from "../../files/write-new-file.ts";
import { isMigrationOf, migrationFile } from "../../migrations/migration-file.ts";
import type { FileOutput } from "../../outputs/migration-output.ts";

/** `migrate create`: writes a migration with nothing in it. */
export const migrateCreate = defineCommand({
  path: "migrate create",
  kind: "changes",
  arguments: { name: "required" },
  flags: { folder: text("FOLDER") },
  examples: ["migrate create add_invoices", "migrate create add_invoices --dry-run"],
  exits: [0, 1, 2, 130],
  output: "file",
  texts: {
    en: {
      brief: "Writes a migration with nothing in it into the driver's folder",
      description: "The application is not started, so that a first migration can be made, too.",
      arguments: { name: "What it does, such as add_invoices" },
      flags: { folder: "Where to; the folder of the configuration when absent" },
      dryRun: "The file's name and text",
      badName: (name: string) =>
        `"${name}" cannot be a name: use letters, digits and _, a letter first.`,
      there: (path: string) =>
        `"${path}" is there already: give another name, nothing is written over.`,
      noFolder: "The configuration names no folder of migrations: give --folder.",
      folders: (folders: string) =>
        `There are several folders: give one to --folder of ${folders}.`,
      done: (path: string) => `${path} is written.`,
    },
    de: {
      brief: "Schreibt eine Migration, in der nichts steht, in den Ordner des Treibers",
      description: "Die Anwendung startet dabei nicht; auch eine erste Migration geht so.",
      arguments: { name: "Was sie tut, etwa add_invoices" },
      flags: { folder: "Wohin; ohne Angabe in den Ordner der Konfiguration" },
      dryRun: "Name und Text der Datei",
      badName: (name: string) =>
        `„${name}“ kann kein Name sein: Buchstaben, Ziffern und _ nehmen, einen Buchstaben zuerst.`,
      there: (path: string) =>
        `„${path}“ gibt es schon: einen anderen Namen geben, nichts wird überschrieben.`,
      noFolder: "Die Konfiguration nennt keinen Ordner für Migrationen: --folder angeben.",
      folders: (folders: string) =>
        `Es gibt mehrere Ordner: einen mit --folder angeben von ${folders}.`,
      done: (path: string) => `${path} ist geschrieben.`,
    },
  },
  async run(session, { name, folder: given }) {
    const { texts, settings, terminal, catalogue, refuse } = session;
    if (!/^[a-z]\w{0,99}$/i.test(name)) refuse(texts.badName(name));
    let folder = given === undefined ? undefined : resolve(terminal.folder, given);
    if (folder === undefined) {
      const path = await locateConfig(terminal.folder, settings.config, catalogue);
      const { databases } = await loadOptions(path, catalogue);
      const folders = databases?.migrations?.folders ?? [];
      if (folders.length > 1) refuse(texts.folders(folders.join(", ")));
      folder = folders[0] ?? refuse(texts.noFolder);
    }
    const neighbours = await readdir(folder).catch(() => []);
    const taken = neighbours.find((file) => isMigrationOf(name, file));
    if (taken !== undefined) refuse(texts.there(join(folder, taken)));
    const file = migrationFile(name, new Date(), neighbours.sort());
    const value: FileOutput = {
      ...{ dryRun: settings.dryRun, path: join(folder, file.name), text: file.text },
    };
    if (!settings.dryRun) await writeNewFile(value.path, file.text, catalogue);
    return {
      value,
      quiet: [value.path],
      show(print) {
        if (!settings.dryRun) return print.line(texts.done(value.path), "green");
        print.line(value.path);
        print.line(file.text);
        print.line(catalogue.words.nothingChanged, "yellow");
      },
    };
  },
});
