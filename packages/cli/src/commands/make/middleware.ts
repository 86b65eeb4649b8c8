import { defineCommand } from "../../command/define-command.ts";
import { choice, text } from "../../command/flags.ts";
import { choose } from "../../install/choose.ts";
import { frameworks } from "../../install/project.ts";
import { makeModule } from "../../make/make-module.ts";
import { middlewareShape } from "../../make/middleware.ts";

/** `make middleware`: writes a middleware to go on from. */
export const makeMiddleware = defineCommand({
  path: "make middleware",
  kind: "changes",
  arguments: { name: "required" },
  flags: { folder: text("FOLDER"), framework: choice(frameworks) },
  examples: ["make middleware quota", "make middleware quota --folder src --dry-run"],
  exits: [0, 1, 2, 130],
  output: "file",
  texts: {
    en: {
      brief: "Writes a middleware, or a hook of Fastify, that knows the tenant of its request",
      description:
        "The file is a whole one that works, to go on from; its comment says where it is put. Nothing is written over.",
      arguments: { name: "What it is called, such as quota" },
      flags: {
        folder: "Where to; this folder when absent",
        framework: "Which framework serves; the one that the project has when absent",
      },
      dryRun: "The file's name and text",
    },
    de: {
      brief:
        "Schreibt eine Middleware oder einen Hook von Fastify, die den Mandanten ihrer Anfrage kennt",
      description:
        "Die Datei ist ganz und geht so, zum Weiterschreiben; wohin damit, sagt ihr Kommentar. Nichts wird überschrieben.",
      arguments: { name: "Wie es heißt, etwa quota" },
      flags: {
        folder: "Wohin; ohne Angabe in diesen Ordner",
        framework: "Welches Framework; ohne Angabe das, welches das Projekt hat",
      },
      dryRun: "Name und Text der Datei",
    },
  },
  run(session, { name, folder, framework: wanted }) {
    const { makes } = session.catalogue;
    return makeModule(session, {
      ...{ kind: "middleware", name, folder },
      async shape(names, { framework: found }) {
        const question = { question: makes.framework, values: frameworks };
        const framework = await choose(session, wanted ?? found, question);
        return middlewareShape(
          names,
          framework ?? session.refuse(makes.noFramework(frameworks.join(", "))),
        );
      },
    });
  },
});
