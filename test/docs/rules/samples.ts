import { codeBlocks } from "../support/code-blocks.ts";
import type { Page } from "../support/page.ts";
import { sampleText } from "./sample-text.ts";

/**
 * Finds TypeScript in pages that is not the text of a sample file. The line above the block names the sample:
 * `<!-- sample: path#region -->`; the message shows the text that belongs there.
 */
export function sampleViolations(
  pages: readonly Page[],
  read: (path: string) => string | undefined,
): string[] {
  return pages
    .flatMap(codeBlocks)
    .filter(({ language, sample }) => sample !== undefined || isCode.test(language))
    .flatMap(({ page, line, text, sample }) => {
      const complaint = complaintOf(sample, text, read);
      return complaint === undefined ? [] : [`${page.path}:${line} ${complaint}`];
    });
}

const isRun = /^examples\/[^/]+\/(src\/.+|test\/.+\.test)\.ts$/;
const isCode = /^(m|c)?(ts|js)x?$|^(type|java)script/i;

function complaintOf(
  sample: string | undefined,
  text: string,
  read: (path: string) => string | undefined,
): string | undefined {
  if (sample === undefined) return "is no sample: name one above it, <!-- sample: path#region -->";
  const [path = "", region] = sample.split("#");
  if (!isRun.test(path))
    return `shows "${path}", which no test runs: move it to examples/*/{src,test}`;
  const file = read(path);
  if (file === undefined) return `shows "${path}", which is not there`;
  const expected = sampleText(file, region);
  if (expected === undefined) return `shows "${sample}", but the file has no such whole region`;
  if (expected === text) return undefined;
  return `differs from "${sample}", which is:\n${expected}\n`;
}
