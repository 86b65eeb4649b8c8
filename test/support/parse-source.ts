import ts from "typescript";

/** Parses one source; the path is relative to the repository and names the file in messages. */
export function parseSource(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}
