import { type Application, openApplication } from "../config/application.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Catalogue } from "../messages/catalogue.ts";
import { noProgress, showProgress } from "../terminal/progress.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Given } from "./build-command.ts";
import type { Command, Outcome } from "./define-command.ts";
import { outcomeText } from "./outcome-text.ts";
import { readInput } from "./read-input.ts";
import type { Session, Settings } from "./session.ts";
import { writeOutcome } from "./write-outcome.ts";

/** What a command is run with. */
export interface Running {
  readonly terminal: Terminal;
  readonly catalogue: Catalogue;
  readonly signal: AbortSignal;
}

/** Runs a command with what was written after its words, prints what it gives, and closes what it opened. */
export async function runCommand(
  command: Command,
  given: Given,
  { terminal, catalogue, signal }: Running,
): Promise<ExitCode> {
  const { UsageError, InterruptedError, ProcessEndedError } = await import("../errors.ts");
  const refuse = (message: string): never => {
    throw new UsageError(message);
  };
  terminal.expectEnd?.(() => new ProcessEndedError(catalogue.refusals.processEnded));
  const settings = settingsOf(command, given, terminal);
  const input = readInput(command, given, catalogue, refuse);
  if (settings.json || settings.quiet) terminal.keepStdout?.();
  const texts = command.texts[catalogue.language];
  const isProgressShown = !settings.quiet && !(settings.json && terminal.stderr.isTTY !== true);
  const { working } = catalogue.words;
  const progress = isProgressShown ? showProgress(terminal, working) : noProgress;
  let opening: Promise<Application> | undefined;
  let isOpen = false;
  const endings: (() => Promise<void>)[] = [];
  const session: Session<Command["texts"]["en"]> = {
    ...{ texts, catalogue, settings, terminal, progress, signal, refuse },
    application(limitMs) {
      opening ??= openApplication(terminal.folder, settings.config, catalogue, limitMs).finally(
        () => {
          isOpen = true;
        },
      );
      return opening;
    },
    atEnd(act) {
      endings.push(act);
    },
  };
  const said = texts.interrupted ?? catalogue.refusals.interrupted;
  const interrupted = aborted(signal, () => new InterruptedError(said));
  let outcome: Outcome;
  try {
    const running = command.run(session, input as never);
    outcome = await (command.undoes ? running : Promise.race([running, interrupted]));
  } finally {
    await progress.end();
    for (const act of endings) await act().catch(() => undefined);
    // Closing tells whatever goes on to stop between two steps.
    const closing = opening?.then(({ tenancy }) => tenancy.close()).catch(() => undefined);
    // What never comes up, nobody waits for once the command was stopped.
    if (isOpen || !signal.aborted) await closing;
  }
  await writeOutcome(terminal, catalogue, await outcomeText(outcome, settings, terminal));
  return outcome.exit ?? exitCodes.ok;
}

function settingsOf(command: Command, { flags }: Given, terminal: Terminal): Settings {
  const json = flags.json === true;
  const yes = flags.yes === true;
  return {
    command: command.path,
    ...{ json, yes },
    quiet: flags.quiet === true,
    dryRun: flags.dryRun === true,
    config: typeof flags.config === "string" ? flags.config : undefined,
    mayAsk: terminal.isInteractive && !json && !yes,
  };
}

/** Rejects once somebody stops the command. */
function aborted(signal: AbortSignal, reason: () => Error): Promise<never> {
  const promise = new Promise<never>((_resolve, reject) => {
    const stop = () => reject(reason());
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  promise.catch(() => undefined);
  return promise;
}
