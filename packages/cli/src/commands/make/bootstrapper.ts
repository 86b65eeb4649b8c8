import { defineCommand } from "../../command/define-command.ts";
import { text } from "../../command/flags.ts";
import { bootstrapperShape } from "../../make/bootstrapper.ts";
import { makeModule } from "../../make/make-module.ts";

/** `make bootstrapper`: writes a bootstrapper to go on from. */
export const makeBootstrapper = defineCommand({
  path: "make bootstrapper",
  kind: "changes",
  arguments: { name: "required" },
  flags: { folder: text("FOLDER") },
  examples: ["make bootstrapper mailer", "make bootstrapper mailer --folder src --dry-run"],
  exits: [0, 1, 2, 130],
  output: "file",
  texts: {
    en: {
      brief: "Writes a bootstrapper, which gives each tenant something of its own",
      description:
        "The file is a whole one that works, to go on from; its comment says where it is put. Nothing is written over.",
      arguments: { name: "What it is called, such as mailer" },
      flags: {
        folder: "Where to; this folder when absent",
      },
      dryRun: "The file's name and text",
    },
    de: {
      brief: "Schreibt einen Bootstrapper, der jedem Mandanten etwas Eigenes gibt",
      description:
        "Die Datei ist ganz und geht so, zum Weiterschreiben; wohin damit, sagt ihr Kommentar. Nichts wird überschrieben.",
      arguments: { name: "Wie es heißt, etwa mailer" },
      flags: {
        folder: "Wohin; ohne Angabe in diesen Ordner",
      },
      dryRun: "Name und Text der Datei",
    },
  },
  run: (session, { name, folder }) =>
    makeModule(session, { kind: "bootstrapper", name, folder, shape: bootstrapperShape }),
});
