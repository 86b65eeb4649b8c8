import type { DatabaseTemplate } from "@af-tenancy/core";
import type { TemplatesOutput } from "../outputs/template-output.ts";
import type { Printer } from "../terminal/printer.ts";

type Templates = TemplatesOutput["templates"];

/** Names of the columns in which templates stand. */
export interface TemplateColumns {
  readonly driver: string;
  readonly server: string;
  readonly name: string;
  readonly current: string;
  readonly exists: string;
  readonly used: string;
}

/** Tells templates as `--json` prints them. */
export function describeTemplates(templates: readonly DatabaseTemplate[]): Templates {
  return templates.map(({ driver, server, name, isCurrent, exists, usedOn }) => ({
    ...{ driver, server, name, current: isCurrent, exists, usedOn: usedOn ?? null },
  }));
}

/** Prints templates in rows. */
export function showTemplates(
  print: Printer,
  columns: TemplateColumns,
  templates: Templates,
  { yes, no }: { readonly yes: string; readonly no: string },
): void {
  print.rows(
    templates.map(({ driver, server, name, current, exists, usedOn }) => ({
      [columns.driver]: driver,
      [columns.server]: server,
      [columns.name]: name,
      [columns.current]: current ? yes : no,
      [columns.exists]: exists ? yes : no,
      [columns.used]: usedOn ?? "",
    })),
  );
}
