import { jsonText } from "../terminal/json-text.ts";
import { TerminalPrinter } from "../terminal/printer.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Outcome } from "./define-command.ts";
import type { Settings } from "./session.ts";

/** Gives an outcome as it is printed: as JSON, as names, or for people. */
export async function outcomeText(
  outcome: Outcome,
  { json, quiet }: Settings,
  terminal: Terminal,
): Promise<string> {
  if (json) return jsonText(outcome.value, terminal.redact);
  const printer = new TerminalPrinter(terminal);
  if (!quiet) outcome.show(printer);
  else for (const line of outcome.quiet ?? []) printer.line(line);
  return printer.end();
}
