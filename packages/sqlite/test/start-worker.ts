import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** A process of its own that runs one of the files in `workers`. */
export interface Worker {
  readonly process: ChildProcess;
  /** Waits for its end and gives the lines that it printed; throws what it wrote to stderr when it failed. */
  done(): Promise<readonly string[]>;
  /** Ends it at once, as a crash would, and waits until it is gone. */
  kill(): Promise<readonly string[]>;
}

/** Starts a worker; it is killed when the test is over and it still runs. */
export function startWorker(name: string, ...args: readonly string[]): Worker {
  const file = fileURLToPath(new URL(`./workers/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--no-warnings", file, ...args], { stdio: "pipe" });
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  let failed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  child.stderr.on("data", (chunk) => (failed += chunk));
  const ended = once(child, "close");
  const lines = () => printed.split("\n").filter((line) => line !== "");

  return {
    process: child,
    async done() {
      const [code] = await ended;
      if (code !== 0) throw new Error(`The worker ended with ${code}: ${failed}`);
      return lines();
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
      return lines();
    },
  };
}
