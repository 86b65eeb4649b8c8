import { ExitCode as ParserExit, run } from "@stricli/core";
import { answerCompletion } from "./answer-completion.ts";
import { buildApplication } from "./build-application.ts";
import { chooseVerb } from "./choose-verb.ts";
import type { CallContext } from "./command/build-command.ts";
import { runCommand } from "./command/run-command.ts";
import { beforeEscape, errorTeller } from "./error-teller.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal/terminal.ts";

/**
 * Runs one command as a shell would: `argv` are the words after `af-tenancy`. Gives the exit code, and never rejects.
 *
 * @example process.exitCode = await runCli(process.argv.slice(2), terminal, signal);
 */
export async function runCli(
  argv: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { catalogue, tell } = errorTeller(argv, terminal);
  if (argv[0] === "complete") {
    return answerCompletion(argv.slice(1), terminal, catalogue);
  }
  if (terminal.isInteractive && Object.hasOwn(catalogue.groups, argv.join(" "))) {
    const chosen = await chooseVerb(argv, catalogue).catch(tell);
    return typeof chosen === "number" ? chosen : runCli(chosen, terminal, signal);
  }
  const refuse = async (message: string) => {
    const { UsageError } = await import("./errors.ts");
    return tell(new UsageError(message));
  };
  // To the parser `--tenants=` is no flag but an argument.
  const empty = beforeEscape(argv).find((word) => /^--[a-z][a-z-]*=$/.test(word));
  if (empty !== undefined) return refuse(catalogue.refusals.flagWithoutValue(empty.slice(0, -1)));
  const parser = { said: "", exitCode: undefined as number | undefined };
  let ended: ExitCode = exitCodes.ok;
  const context: CallContext = {
    process: Object.assign(parser, {
      env: terminal.environment,
      stdout: terminal.stdout,
      stderr: {
        write(text: string) {
          parser.said += text;
        },
      },
    }) as CallContext["process"],
    async call(command, given) {
      const running = { terminal, catalogue, signal };
      ended = await runCommand(command, given, running).catch(tell);
    },
  };
  await run(buildApplication(catalogue), argv, context);
  if (parser.exitCode === ParserExit.Success) return ended;
  return refuse(parser.said.trim().replaceAll("\n", " "));
}
