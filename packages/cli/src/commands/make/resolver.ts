import { defineCommand } from "../../command/define-command.ts";
import { text } from "../../command/flags.ts";
import { makeModule } from "../../make/make-module.ts";
import { resolverShape } from "../../make/resolver.ts";

/** `make resolver`: writes a resolver to go on from. */
export const makeResolver = defineCommand({
  path: "make resolver",
  kind: "changes",
  arguments: { name: "required" },
  flags: { folder: text("FOLDER") },
  examples: ["make resolver partner", "make resolver partner --folder src --dry-run"],
  exits: [0, 1, 2, 130],
  output: "file",
  texts: {
    en: {
      brief: "Writes a resolver, which finds the tenant that a request is meant for",
      description:
        "The file is a whole one that works, to go on from; its comment says where it is put. Nothing is written over.",
      arguments: { name: "What it is called, such as partner" },
      flags: {
        folder: "Where to; this folder when absent",
      },
      dryRun: "The file's name and text",
    },
    de: {
      brief: "Schreibt einen Resolver, der den Mandanten findet, der gemeint ist",
      description:
        "Die Datei ist ganz und geht so, zum Weiterschreiben; wohin damit, sagt ihr Kommentar. Nichts wird überschrieben.",
      arguments: { name: "Wie es heißt, etwa partner" },
      flags: {
        folder: "Wohin; ohne Angabe in diesen Ordner",
      },
      dryRun: "Name und Text der Datei",
    },
  },
  run: (session, { name, folder }) =>
    makeModule(session, { kind: "resolver", name, folder, shape: resolverShape }),
});
