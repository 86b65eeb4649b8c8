import { join, resolve } from "node:path";
import ts from "typescript";
import { repository } from "./repository.ts";

/** Compiles files and whatever they import, as the workspace does; paths are absolute or in the repository. */
export function programOf(paths: readonly string[]): ts.Program {
  const { config } = ts.readConfigFile(join(repository, "tsconfig.json"), ts.sys.readFile);
  const files = paths.map((path) => resolve(repository, path));
  const given = { compilerOptions: config.compilerOptions, files };
  const { options } = ts.parseJsonConfigFileContent(given, ts.sys, repository);
  return ts.createProgram(files, options);
}
