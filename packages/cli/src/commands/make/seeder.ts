import { defineCommand } from "../../command/define-command.ts";
import { text } from "../../command/flags.ts";
import { makeModule } from "../../make/make-module.ts";
import { seederShape } from "../../make/seeder.ts";

/** `make seeder`: writes a seeder to go on from. */
export const makeSeeder = defineCommand({
  path: "make seeder",
  kind: "changes",
  arguments: { name: "required" },
  flags: { folder: text("FOLDER") },
  examples: ["make seeder welcome", "make seeder welcome --folder src --dry-run"],
  exits: [0, 1, 2, 130],
  output: "file",
  texts: {
    en: {
      brief: "Writes a seeder, which puts into each tenant what it begins with",
      description:
        "The file is a whole one that works for an entity with a `text`, to go on from; its comment says where it is put. Nothing is written over.",
      arguments: { name: "What it is called, such as welcome" },
      flags: {
        folder: "Where to; this folder when absent",
      },
      dryRun: "The file's name and text",
    },
    de: {
      brief: "Schreibt einen Seeder, der jedem Mandanten gibt, womit er beginnt",
      description:
        "Die Datei ist ganz und geht so für eine Entität mit einem `text`, zum Weiterschreiben; wohin damit, sagt ihr Kommentar. Nichts wird überschrieben.",
      arguments: { name: "Wie es heißt, etwa welcome" },
      flags: {
        folder: "Wohin; ohne Angabe in diesen Ordner",
      },
      dryRun: "Name und Text der Datei",
    },
  },
  run: (session, { name, folder }) =>
    makeModule(session, { kind: "seeder", name, folder, shape: seederShape }),
});
