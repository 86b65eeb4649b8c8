import type ts from "typescript";

const longest = 250;
const median = 60;
const ninetieth = 150;
const contents = /^packages\/[^/]+\/src\/index\.ts$/;

/**
 * Finds files that are too long, and says when files are too long on the whole. What a package exports is a table of
 * contents: it is as long as that is.
 */
export function sizeViolations(sources: readonly ts.SourceFile[]): string[] {
  const sizes = sources.map(linesOf).sort((a, b) => a - b);
  return [
    ...sources
      .filter((file) => linesOf(file) > longest && !contents.test(file.fileName))
      .map((file) => `${file.fileName}:${longest + 1} is line ${longest + 1} of ${linesOf(file)}`),
    ...complainAbout("median", percentile(sizes, 0.5), median),
    ...complainAbout("90th percentile", percentile(sizes, 0.9), ninetieth),
  ];
}

function linesOf({ text }: ts.SourceFile): number {
  return text.trimEnd().split("\n").length;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function complainAbout(what: string, lines: number, allowed: number): string[] {
  return lines > allowed ? [`the ${what} of all files is ${lines} lines, above ${allowed}`] : [];
}
