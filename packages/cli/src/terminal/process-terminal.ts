import { noStream } from "../transfer/output-stream.ts";
import { redactor } from "./redactor.ts";
import type { Terminal } from "./terminal.ts";

/** The terminal of this process, or the pipes that stand in its place; `expectEnd` is the terminal's. */
export function processTerminal(expectEnd: NonNullable<Terminal["expectEnd"]>): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const isScreen = stdin.isTTY === true && stdout.isTTY === true;
  // The same stream, whose `write` stays what it was.
  const own: typeof stdout = Object.create(stdout, { write: { value: stdout.write.bind(stdout) } });
  const nowhere = noStream();
  return {
    isInteractive: isScreen && (env.CI === undefined || env.CI === "" || env.CI === "false"),
    ...{ stdin, stdout: own, stderr, environment: env },
    folder: process.cwd(),
    redact: redactor(env),
    expectEnd,
    keepStdout() {
      stdout.write = stderr.write.bind(stderr);
    },
    divert(print) {
      const screens = [stdout, stderr].filter(({ isTTY }) => isTTY);
      const writes = screens.map(({ write }) => write);
      for (const screen of screens) screen.write = printing(print);
      return () => {
        for (const [index, write] of writes.entries())
          Object.assign(screens[index] ?? {}, { write });
      };
    },
    silence() {
      const forget = nowhere.write.bind(nowhere) as typeof stdout.write;
      stdout.write = forget;
      stderr.write = forget;
    },
  };
}

/** A stream's `write` that prints at once. */
function printing(print: (chunk: string | Uint8Array) => void): NodeJS.WriteStream["write"] {
  return (chunk: string | Uint8Array, ...rest: readonly unknown[]) => {
    print(chunk);
    const written = rest.at(-1);
    if (typeof written === "function") written();
    return true;
  };
}
