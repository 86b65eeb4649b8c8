import { defineCommand } from "../../command/define-command.ts";
import type { TemplatesOutput } from "../../outputs/template-output.ts";
import { describeTemplates, showTemplates } from "../../templates/describe-templates.ts";

/** `template list`: lists the finished databases that new tenants are copied from. */
export const templateList = defineCommand({
  path: "template list",
  kind: "reads",
  arguments: {},
  flags: {},
  examples: ["template list", "template list --json"],
  exits: [0, 1, 2, 130],
  output: "templates",
  texts: {
    en: {
      brief: "Lists the databases that new tenants are copied from",
      description:
        "On the servers that the configuration names, also those of other applications and versions there.",
      arguments: {},
      flags: {},
      none: "There are none: this driver makes new databases in another way.",
      columns: {
        ...{ driver: "Driver", server: "Server", name: "Name" },
        ...{ current: "Current", exists: "There", used: "Used" },
      },
    },
    de: {
      brief: "Listet die Datenbanken auf, von denen neue Mandanten kopiert werden",
      description:
        "Auf den Servern, die die Konfiguration nennt, auch die anderer Anwendungen und Versionen dort.",
      arguments: {},
      flags: {},
      none: "Es gibt keine: dieser Treiber legt neue Datenbanken anders an.",
      columns: {
        ...{ driver: "Treiber", server: "Server", name: "Name" },
        ...{ current: "Aktuell", exists: "Da", used: "Benutzt" },
      },
    },
  },
  async run(session) {
    const { texts, catalogue } = session;
    const { databases } = await session.application();
    const templates = describeTemplates((await databases?.templates?.list()) ?? []);
    const value: TemplatesOutput = { dryRun: false, made: [], templates };
    return {
      value,
      quiet: templates.filter(({ exists }) => exists).map(({ name }) => name),
      show(print) {
        if (templates.length === 0) print.line(texts.none, "dim");
        showTemplates(print, texts.columns, templates, catalogue.words);
      },
    };
  },
});
