import { errorTeller } from "./error-teller.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { runCli } from "./run-cli.ts";
import { processTerminal } from "./terminal/process-terminal.ts";
import { isReaderAway } from "./terminal/write.ts";

/** Runs the command that this process was started for, and ends the process; what it opened may not keep it. */
export async function runProcess(): Promise<never> {
  const stop = new AbortController();
  const argv = process.argv.slice(2);
  let isOver = false;
  let endedEarly: (() => Error) | undefined;
  const end = (code: ExitCode): never => {
    isOver = true;
    process.exit(code);
  };
  const terminal = processTerminal((error) => {
    endedEarly = error;
  });
  const { tell } = errorTeller(argv, terminal);
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) end(exitCodes.interrupted);
      stop.abort();
    });
  }
  // Whoever read the output went away: what is journalled goes on where it was. A full disk fails what is written to it.
  process.stdout.on("error", (error) => {
    if (isReaderAway(error)) stop.abort();
  });
  // What is said beside it may be lost. Thrown, it would be told there, and fail anew without end.
  process.stderr.on("error", () => undefined);
  // What the application throws where nobody waits for it, rejections too; what is journalled goes on where it was.
  process.on("uncaughtException", async (error) => {
    await tell(error);
    end(stop.signal.aborted ? exitCodes.interrupted : exitCodes.failed);
  });
  // The application's own `process.exit(0)`, or nothing left to wait for: a script may not take it for success.
  process.on("exit", () => {
    if (isOver) return;
    if (endedEarly !== undefined) void tell(endedEarly());
    end(stop.signal.aborted ? exitCodes.interrupted : exitCodes.failed);
  });
  return end(await runCli(argv, terminal, stop.signal));
}
