import { proposeCompletions } from "@stricli/core";
import { buildApplication } from "./build-application.ts";
import { flagValue } from "./error-teller.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Catalogue } from "./messages/catalogue.ts";
import { proposeSlugs } from "./tenants/propose-slugs.ts";
import { plainText } from "./terminal/plain-text.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { write } from "./terminal/write.ts";

/** Answers a shell that asks what may come next: one proposal in a line, then how it is to be taken. */
export async function answerCompletion(
  words: readonly string[],
  terminal: Terminal,
  catalogue: Catalogue,
): Promise<ExitCode> {
  const inputs = words[0] === "--" ? words.slice(1) : words;
  const context = {
    process: { stdout: terminal.stdout, stderr: terminal.stderr, env: terminal.environment },
    call: async () => undefined,
    completing: {
      words: inputs,
      slugs: (begun: string) =>
        proposeSlugs(begun, { terminal, catalogue, config: flagValue(inputs, "config") }),
    },
  };
  const proposals = await proposeCompletions(buildApplication(catalogue), inputs, context);
  const lines = proposals.map(({ completion, brief }) => `${completion}\t${plainText(brief)}`);
  await write(terminal.stdout, [...lines, noFiles].map((line) => `${line}\n`).join(""));
  return exitCodes.ok;
}

/** The shell is not to propose files in their place. */
const noFiles = ":4";
