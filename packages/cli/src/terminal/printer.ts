import { styleText } from "node:util";
import { plainText } from "./plain-text.ts";
import type { Terminal } from "./terminal.ts";

/** How a line looks on a terminal. */
export type Style = "bold" | "dim" | "green" | "yellow" | "red" | "cyan";

/** Prints what a command found, for people. */
export interface Printer {
  line(text?: string, style?: Style | undefined): void;
  /** One line for each fact, its name before it. */
  facts(facts: Readonly<Record<string, string>>): void;
  /** Rows under the names of the first one's columns; between tabs where nobody looks at a screen. */
  rows(rows: readonly Readonly<Record<string, string>>[]): void;
}

/** Makes a printer whose lines are kept until `end`, because a table is drawn by what is loaded only then. */
export class TerminalPrinter implements Printer {
  readonly #terminal: Terminal;
  readonly #parts: (string | readonly Readonly<Record<string, string>>[])[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  line(text = "", style?: Style): void {
    this.#parts.push(styled(this.#terminal, text, style));
  }

  facts(facts: Readonly<Record<string, string>>): void {
    const width = Math.max(...Object.keys(facts).map((name) => name.length));
    for (const [name, value] of Object.entries(facts)) {
      this.line(`${name.padEnd(width)}  ${value}`);
    }
  }

  rows(rows: readonly Readonly<Record<string, string>>[]): void {
    if (rows.length > 0) this.#parts.push(rows);
  }

  /** Gives everything as one text. */
  async end(): Promise<string> {
    const { stdout, redact } = this.#terminal;
    const parts: string[] = [];
    for (const part of this.#parts) {
      if (typeof part === "string") parts.push(redact(part));
      else parts.push(redact(stdout.isTTY ? await drawn(part) : tabbed(part)));
    }
    return parts.map((part) => `${part}\n`).join("");
  }
}

/** Gives a text in a style where the stream is a terminal that has colours, with its control characters spelt out. */
export function styled({ stdout }: Terminal, text: string, style?: Style): string {
  const plain = plainText(text);
  return style === undefined
    ? plain
    : styleText(style, plain, { stream: stdout as NodeJS.WriteStream });
}

async function drawn(rows: readonly Readonly<Record<string, string>>[]): Promise<string> {
  const { Table } = await import("console-table-printer");
  const columns = Object.keys(rows[0] ?? {}).map((name) => ({ name, alignment: "left" as const }));
  const table = new Table({ columns, shouldDisableColors: true });
  for (const row of rows) {
    const cells = Object.entries(row).map(([name, value]) => [name, oneLine(value)]);
    table.addRow(Object.fromEntries(cells));
  }
  return table.render();
}

function tabbed(rows: readonly Readonly<Record<string, string>>[]): string {
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))];
  return lines.map((cells) => cells.map(oneLine).join("\t")).join("\n");
}

function oneLine(text: string): string {
  return plainText(text).replace(/[\t\n]/g, " ");
}
