import { execFile } from "node:child_process";

/** What a process said before it ended. */
export interface NodeRun {
  readonly code: number;
  readonly lines: readonly string[];
  readonly errors: string;
}

/** The source of this package, for processes that import it. */
export const coreSource: string = new URL("../../src/", import.meta.url).href;

/** Runs a module, given as text, in a Node process of its own; it finds `argv` in `process.argv`. */
export function runNode(source: string, ...argv: readonly string[]): Promise<NodeRun> {
  const args = ["--input-type=module", "--no-warnings", "--eval", source, "--", ...argv];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 20_000 }, (error, stdout, stderr) => {
      const lines = stdout.split("\n").filter((line) => line !== "");
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, lines, errors: stderr });
    });
  });
}
