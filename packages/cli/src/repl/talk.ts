import type { REPLServer } from "node:repl";
import { PassThrough } from "node:stream";
import { promisify } from "node:util";
import type { Terminal } from "../terminal/terminal.ts";

/** What is talked with. */
export interface Talk {
  readonly prompt: string;
  /** The file that keeps what is written; nothing does when absent. */
  readonly history: string | undefined;
  readonly signal: AbortSignal;
  /** What there is by name. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Gives what `em` is, each time it is written. */
  readonly managerOf: (() => unknown) | undefined;
  /** Ties a function to the tenant's scope: lines arrive outside of it. */
  bind<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R;
}

/**
 * Evaluates lines until somebody leaves, or the command is stopped. Tells whether all went well: false where lines came in
 * from elsewhere than a terminal and one of them threw.
 */
export async function talk(
  { stdin, stdout, redact }: Terminal,
  { prompt, history, signal, values, managerOf, bind }: Talk,
): Promise<boolean> {
  const { start } = await import("node:repl");
  const { inspect } = await import("node:util");
  const useColors = stdout.isTTY === true;
  const isTyped = stdin.isTTY === true;
  // What is piped comes in line by line, as each is done.
  const input = isTyped ? stdin : new PassThrough();
  const terminal = useColors && isTyped;
  const server = start({
    ...{ prompt, input, output: stdout, terminal, useColors, useGlobal: true },
    writer: (value) =>
      redact(typeof value === "string" ? inspect(value) : inspect(value, { colors: useColors })),
  });
  (server as { eval: REPLServer["eval"] }).eval = bind(server.eval.bind(server));
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(server.context, name, { value, enumerable: true, configurable: true });
  }
  if (managerOf !== undefined) {
    Object.defineProperty(server.context, "em", { get: bind(managerOf), configurable: true });
  }
  const { promise: left, resolve } = Promise.withResolvers<void>();
  server.once("exit", resolve);
  const leave = () => server.close();
  signal.addEventListener("abort", leave, { once: true });
  try {
    if (history !== undefined) await promisify(server.setupHistory.bind(server))(history);
    const { evaluateLines } = await import("./evaluate-lines.ts");
    const isWhole = isTyped || (await evaluateLines(server, stdin));
    await left;
    return isWhole;
  } finally {
    signal.removeEventListener("abort", leave);
    server.close();
    for (const name of [...Object.keys(values), "em"]) Reflect.deleteProperty(server.context, name);
  }
}
