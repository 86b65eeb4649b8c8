import { errorTeller } from "./error-teller.ts";
import { exitCodes } from "./exit-codes.ts";
import { runCli } from "./run-cli.ts";
import { processTerminal } from "./terminal/process-terminal.ts";

/** Runs the command that this process was started for, and ends the process; what it opened may not keep it. */
export async function runProcess(): Promise<never> {
  const stop = new AbortController();
  const argv = process.argv.slice(2);
  const terminal = processTerminal();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(exitCodes.interrupted);
      stop.abort();
    });
  }
  // Whoever read the output went away: what is journalled goes on where it was.
  process.stdout.on("error", () => stop.abort());
  // What the application throws where nobody waits for it, rejections too; what is journalled goes on where it was.
  process.on("uncaughtException", async (error) => {
    await errorTeller(argv, terminal).tell(error);
    process.exit(stop.signal.aborted ? exitCodes.interrupted : exitCodes.failed);
  });
  process.exit(await runCli(argv, terminal, stop.signal));
}
