import ts from "typescript";

/** Makes a type checker that knows which declaration in the same file a name stands for, and nothing else. */
export function checkerOf(files: readonly ts.SourceFile[]): ts.TypeChecker {
  const byName = new Map(files.map((file) => [file.fileName, file]));
  const host: ts.CompilerHost = {
    getSourceFile: (name) => byName.get(name),
    fileExists: (name) => byName.has(name),
    readFile: (name) => byName.get(name)?.text,
    writeFile: () => {},
    getDefaultLibFileName: () => "lib.d.ts",
    getCurrentDirectory: () => "",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
  };
  const options = { noLib: true, noResolve: true, allowJs: true, types: [] };
  return ts.createProgram([...byName.keys()], options, host).getTypeChecker();
}
