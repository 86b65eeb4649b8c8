import type { Page } from "./page.ts";

/** A fenced block of a page. */
export interface CodeBlock {
  readonly page: Page;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** Line of the closing fence, from 1; of the end of the page when there is none. */
  readonly end: number;
  readonly language: string;
  readonly text: string;
  /** What `<!-- sample: ... -->` on the line above names; `undefined` when there is no such line. */
  readonly sample: string | undefined;
}

/** Finds the fenced blocks of a page. */
export function codeBlocks(page: Page): CodeBlock[] {
  const lines = page.text.split("\n");
  const blocks: CodeBlock[] = [];
  for (let start = 0; start < lines.length; start++) {
    const [, indent = "", fence = "", language = ""] = opening.exec(lines[start] ?? "") ?? [];
    if (fence === "") continue;
    const end = closingLine(lines, start, fence);
    const text = lines.slice(start + 1, end).map((line) => withoutIndent(line, indent.length));
    blocks.push({
      page,
      line: start + 1,
      end: Math.min(end, lines.length - 1) + 1,
      language,
      text: text.join("\n"),
      sample: marker.exec(lines[start - 1] ?? "")?.[1],
    });
    start = end;
  }
  return blocks;
}

const opening = /^(\s*)(`{3,}|~{3,})\s*([^\s`]*)/;
const marker = /^\s*<!-- sample: (\S+) -->\s*$/;

function closingLine(lines: readonly string[], start: number, fence: string): number {
  const closing = new RegExp(`^\\s*${fence}${fence[0]}*\\s*$`);
  const found = lines.findIndex((line, i) => i > start && closing.test(line));
  return found === -1 ? lines.length : found;
}

function withoutIndent(line: string, columns: number): string {
  return line.slice(0, columns).trim() === "" ? line.slice(columns) : line;
}
