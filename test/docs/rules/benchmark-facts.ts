import type ts from "typescript";
import type { Fact } from "./differences.ts";

/** Lists the benchmarks by the name of their file, each with the sentence after `// Promise:`. */
export function benchmarkFacts(sources: readonly ts.SourceFile[]): Fact[] {
  return sources.flatMap(({ fileName, text }) => {
    const [, comment] = /^[ \t]*\/\/ Promise:((?:.*\n[ \t]*\/\/)*.*)/m.exec(text) ?? [];
    if (comment === undefined) return [];
    const promise = comment.replace(/\s*\n[ \t]*\/\/\s*/g, " ").trim();
    const name = fileName.replace(/^.*\/|\.ts$/g, "");
    return [{ name, says: promise, at: fileName }];
  });
}
