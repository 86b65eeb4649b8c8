import type { Catalogue } from "../messages/catalogue.ts";
import type { Printer } from "../terminal/printer.ts";
import type { DebugStep } from "./watch-tenant.ts";

/** Prints what happened in a tenant's turn: when, what, how long it took, and how much memory there was more by then. */
export function showSteps(
  print: Printer,
  { words: { steps: columns } }: Catalogue,
  steps: readonly DebugStep[],
): void {
  print.rows(
    steps.map(({ at, kind, name, milliseconds, heapBytes, error }) => ({
      [columns.at]: String(at),
      [columns.what]: `${kind} ${name}`,
      [columns.took]: milliseconds === null ? "" : String(milliseconds),
      [columns.memory]: String(Math.round(heapBytes / 1024)),
      [columns.error]: error === null ? "" : `${error.code}: ${error.message}`,
    })),
  );
}
