import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bundled } from "../support/bundled.ts";
import type { Orders } from "./perform.ts";

/** How a process ended. */
export interface ProcessEnd {
  readonly signal: NodeJS.Signals | null;
  /** What its call gave; `undefined` when it was killed before. */
  readonly result: unknown;
  /** What it complained about. */
  readonly errors: string;
}

/** What a process of its own runs. */
export async function program(): Promise<readonly string[]> {
  return ["--no-warnings", await bundled(fileURLToPath(new URL("./process.ts", import.meta.url)))];
}

/** Runs a process of its own to its end, which is killed when it has not ended after a minute. */
export async function runProcess(orders: Orders): Promise<ProcessEnd> {
  const options = { timeout: 60_000, killSignal: "SIGKILL" } as const;
  const parameters = await program();
  return new Promise((resolve) => {
    const child = execFile(process.execPath, parameters, options, (error, stdout, errors) => {
      const result: unknown = stdout === "" ? undefined : JSON.parse(stdout);
      resolve({ signal: error?.signal ?? null, result, errors });
    });
    child.stdin?.end(`${JSON.stringify(orders)}\n`);
  });
}
