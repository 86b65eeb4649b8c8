import { type ChildProcess, execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Orders } from "./perform.ts";

/** How a process ended. */
export interface ProcessEnd {
  readonly signal: NodeJS.Signals | null;
  /** What its call gave; `undefined` when it was killed before. */
  readonly result: unknown;
  /** What it complained about. */
  readonly errors: string;
}

/** A process that does what it was ordered to. */
export interface RunningProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<ProcessEnd>;
}

/** What a process of its own runs. */
export const program: readonly string[] = [
  "--no-warnings",
  fileURLToPath(new URL("./process.ts", import.meta.url)),
];

/** Starts a process of its own, which is killed when it has not ended after a minute. */
export function startProcess(orders: Orders): RunningProcess {
  const { promise, resolve } = withResolver<ProcessEnd>();
  const options = { timeout: 60_000, killSignal: "SIGKILL" } as const;
  const child = execFile(process.execPath, program, options, (error, stdout, errors) => {
    const result: unknown = stdout === "" ? undefined : JSON.parse(stdout);
    resolve({ signal: error?.signal ?? null, result, errors });
  });
  child.stdin?.end(`${JSON.stringify(orders)}\n`);
  return { child, ended: promise };
}

/** Runs a process of its own to its end. */
export function runProcess(orders: Orders): Promise<ProcessEnd> {
  return startProcess(orders).ended;
}

function withResolver<V>(): { promise: Promise<V>; resolve: (value: V) => void } {
  let resolve: (value: V) => void = () => undefined;
  const promise = new Promise<V>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
