import { codeBlocks } from "./code-blocks.ts";
import type { Page } from "./page.ts";

/** Gives the lines of a page with those of fenced blocks left empty, so that line numbers stay true. */
export function proseOf(page: Page): string[] {
  const lines = page.text.split("\n");
  for (const { line, end } of codeBlocks(page)) lines.fill("", line - 1, end);
  return lines;
}
