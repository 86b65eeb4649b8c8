import { defineCommand } from "../../command/define-command.ts";
import { composeApplication } from "../../config/compose-application.ts";
import { describeOptions } from "../../config/describe-options.ts";
import { loadOptions, locateConfig } from "../../config/load-options.ts";
import type { ConfigShowOutput } from "../../outputs/config-output.ts";

/** `config show`: shows the options that hold. */
export const configShow = defineCommand({
  path: "config show",
  kind: "reads",
  arguments: {},
  flags: {},
  examples: ["config show", "config show --json"],
  exits: [0, 1, 2, 130],
  output: "config",
  texts: {
    en: {
      brief: "Shows the options that hold, also those that the configuration leaves out",
      description:
        "Nothing is opened. Parts are told by their names, databases with the place of a new tenant; no secret is shown.",
      arguments: {},
      flags: {},
      columns: { option: "Option", value: "Value", source: "From" },
    },
    de: {
      brief: "Zeigt die Optionen, die gelten, auch die, die die Konfiguration auslässt",
      description:
        "Nichts wird geöffnet. Teile stehen mit ihrem Namen da, Datenbanken mit dem Platz eines neuen Mandanten; kein Geheimnis wird gezeigt.",
      arguments: {},
      flags: {},
      columns: { option: "Option", value: "Wert", source: "Woher" },
    },
  },
  async run({ texts, catalogue, settings, terminal }) {
    const path = await locateConfig(terminal.folder, settings.config, catalogue);
    const given = await loadOptions(path, catalogue);
    const { defineTenancy } = await import("@af-tenancy/core");
    // Databases that make users have their keys from the tenancy that they are part of.
    await composeApplication(given);
    const value: ConfigShowOutput = {
      config: path,
      options: describeOptions(defineTenancy(given)),
    };
    const { columns } = texts;
    return {
      value,
      quiet: value.options.filter(({ source }) => source !== "default").map(({ option }) => option),
      show(print) {
        print.line(path, "bold");
        print.rows(
          value.options.map(({ option, value: one, source }) => ({
            [columns.option]: option,
            [columns.value]: typeof one === "string" ? one : JSON.stringify(one),
            [columns.source]: source,
          })),
        );
      },
    };
  },
});
