import type ts from "typescript";
import type { Page } from "../support/page.ts";
import { bareCell, tablesOf } from "../support/tables.ts";
import { differences } from "./differences.ts";
import { exportedOptions } from "./exported-options.ts";
import { memberFacts } from "./member-facts.ts";
import { tableFacts } from "./table-facts.ts";

/**
 * Finds options that a package exports and its README does not list, and the other way round. The first column of an
 * options table is called like the interface; those named in `elsewhere` are documented in another page. `entries` are what the
 * package exports.
 */
export function optionViolations(
  readme: Page,
  sources: readonly ts.SourceFile[],
  entries: readonly string[],
  elsewhere: readonly string[] = [],
): string[] {
  const names = sources
    .filter(({ fileName }) => entries.includes(fileName))
    .flatMap(exportedOptions)
    .filter((name) => !elsewhere.includes(name));
  const titles = tablesOf(readme).map(({ header }) => bareCell(header[0]));
  const needless = titles.filter((title) => title.endsWith("Options") && !names.includes(title));
  return [
    ...needless.map(
      (title) => `${readme.path} has a table "${title}", ${entries.join(", ")} no such export`,
    ),
    ...names.flatMap((name) =>
      differences(
        tableFacts(readme, `\`${name}\``),
        memberFacts(sources, name).map((fact) => ({ ...fact, says: "" })),
        { page: readme.path, what: `option of ${name}` },
      ),
    ),
  ];
}
