import { join } from "node:path";
import { PassThrough } from "node:stream";
import { runCli } from "../../src/run-cli.ts";
import { redactor } from "../../src/terminal/redactor.ts";
import type { Terminal } from "../../src/terminal/terminal.ts";
import { config, makeApplication } from "./application.ts";

/** Runs the command in this process, from its sources, without a terminal. */
export async function runHere(
  argv: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const terminal: Terminal = {
    isInteractive: false,
    stdin: process.stdin,
    ...{ stdout, stderr, environment, folder, redact: redactor(environment) },
  };
  const code = await runCli(argv, terminal, signal);
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
}

/** The same, with `--json`: what was printed. */
export async function jsonHere(argv: readonly string[], folder: string): Promise<unknown> {
  const { code, stdout, stderr } = await runHere([...argv, "--json"], folder);
  if (stdout === "") return { code, error: JSON.parse(stderr.split("\n").at(-2) ?? "") };
  return JSON.parse(stdout);
}

/** An application whose packages are the sources, for commands that run in this process. */
export function applicationHere(
  files: Readonly<Record<string, string>> = { "tenancy.config.ts": config() },
  later?: (remove: () => void) => void,
): Promise<string> {
  return makeApplication(files, join(import.meta.dirname, "../../node_modules"), later);
}

function textOf(stream: PassThrough): string {
  return String(stream.read() ?? "");
}
