import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Orders } from "./perform.ts";
import { program } from "./run-process.ts";

/** A process that stays for what it is told next: to start one takes longer than most of what it is told. */
export interface Hand {
  readonly child: ChildProcess;
  /** Has it do something, and gives what came of it; fails where it ended before, or complained. */
  perform(orders: Orders): Promise<unknown>;
}

/** Several processes that stay. */
export interface Crew {
  readonly hands: readonly Hand[];
  /** Kills them. */
  dismiss(): Promise<void>;
}

/** Starts processes of their own. */
export async function startCrew(size: number): Promise<Crew> {
  const parameters = await program();
  const hands = Array.from({ length: size }, () => startHand(parameters));
  return {
    hands,
    async dismiss() {
      for (const { child } of hands) {
        const ended = once(child, "close");
        if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
        await ended;
      }
    },
  };
}

function startHand(parameters: readonly string[]): Hand {
  const child = spawn(process.execPath, parameters, { stdio: "pipe" });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += String(chunk);
  });
  return {
    child,
    async perform(orders) {
      child.stdin.write(`${JSON.stringify(orders)}\n`);
      const { value, done } = await lines.next();
      if (done || complaints !== "") throw new Error(`A process failed: ${complaints}`);
      return JSON.parse(value);
    },
  };
}
