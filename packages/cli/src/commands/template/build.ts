import { defineCommand } from "../../command/define-command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { TemplatesOutput } from "../../outputs/template-output.ts";
import { describeTemplates, showTemplates } from "../../templates/describe-templates.ts";

/** `template build`: makes the finished databases that new tenants are copied from. */
export const templateBuild = defineCommand({
  path: "template build",
  kind: "changes",
  arguments: {},
  flags: {},
  examples: ["template build", "template build --dry-run --json"],
  exits: [0, 1, 2, 130],
  output: "templates",
  texts: {
    en: {
      brief: "Makes the databases that new tenants are copied from, where they are missing",
      description:
        "Otherwise the first tenant after a new migration makes them, and waits for that: call it in a deployment.",
      arguments: {},
      flags: {},
      dryRun: "Which ones would be made, on which servers",
      nothing: "There is nothing to make.",
      would: "Would be made:",
      refused:
        "A server refuses the tables of this application: the next tenant that is made tells why.",
      columns: {
        ...{ driver: "Driver", server: "Server", name: "Name" },
        ...{ current: "Current", exists: "There", used: "Used" },
      },
      done: (count: number) => `Made: ${count}.`,
    },
    de: {
      brief: "Legt die Datenbanken an, von denen neue Mandanten kopiert werden, wo sie fehlen",
      description:
        "Sonst legt sie der erste Mandant nach einer neuen Migration an und wartet darauf: beim Ausliefern aufrufen.",
      arguments: {},
      flags: {},
      dryRun: "Welche auf welchen Servern angelegt würden",
      nothing: "Es gibt nichts anzulegen.",
      would: "Angelegt würde:",
      refused:
        "Ein Server lehnt die Tabellen dieser Anwendung ab: der nächste Mandant, der angelegt wird, sagt warum.",
      columns: {
        ...{ driver: "Treiber", server: "Server", name: "Name" },
        ...{ current: "Aktuell", exists: "Da", used: "Benutzt" },
      },
      done: (count: number) => `Angelegt: ${count}.`,
    },
  },
  async run(session) {
    const { texts, settings, catalogue } = session;
    const { databases } = await session.application();
    const { templates } = databases ?? {};
    const missing = ((await templates?.list()) ?? []).filter(({ exists }) => !exists);
    const made = settings.dryRun
      ? missing.map(({ name }) => name)
      : ((await templates?.build()) ?? []);
    const now = settings.dryRun ? missing : ((await templates?.list()) ?? []);
    const shown = describeTemplates(now).filter(({ name }) => made.includes(name));
    const isRefused = !settings.dryRun && now.some(({ exists }) => !exists);
    const value: TemplatesOutput = { dryRun: settings.dryRun, made: [...made], templates: shown };
    return {
      value,
      exit: isRefused ? exitCodes.failed : exitCodes.ok,
      quiet: value.made,
      show(print) {
        if (isRefused) print.line(texts.refused, "red");
        if (made.length === 0) return isRefused ? undefined : print.line(texts.nothing, "dim");
        if (settings.dryRun) print.line(texts.would, "yellow");
        showTemplates(print, texts.columns, shown, catalogue.words);
        if (settings.dryRun) return print.line(catalogue.words.nothingChanged, "yellow");
        print.line(texts.done(made.length), "green");
      },
    };
  },
});
