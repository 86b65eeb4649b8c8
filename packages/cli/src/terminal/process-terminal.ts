import { redactor } from "./redactor.ts";
import type { Terminal } from "./terminal.ts";

/** The terminal of this process, or the pipes that stand in its place. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const isScreen = stdin.isTTY === true && stdout.isTTY === true;
  return {
    isInteractive: isScreen && (env.CI === undefined || env.CI === "" || env.CI === "false"),
    ...{ stdin, stdout, stderr, environment: env },
    folder: process.cwd(),
    redact: redactor(env),
  };
}
