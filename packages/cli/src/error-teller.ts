import { type ExitCode, exitCodeOf } from "./exit-codes.ts";
import { type Catalogue, catalogueOf, languageOf } from "./messages/catalogue.ts";
import { errorText, factsOf } from "./report-error.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { write } from "./terminal/write.ts";

/** Tells of errors as a call wants to be told of them. */
export interface ErrorTeller {
  readonly catalogue: Catalogue;
  /** Writes an error to stderr, and gives the exit code that it means. */
  tell(error: unknown): Promise<ExitCode>;
}

/** Makes what tells of errors, in the language and the form that the words of a call ask for. */
export function errorTeller(argv: readonly string[], terminal: Terminal): ErrorTeller {
  const catalogue = catalogueOf(languageOf(flagValue(argv, "lang"), terminal.environment));
  const json = beforeEscape(argv).includes("--json");
  return {
    catalogue,
    async tell(error) {
      await write(terminal.stderr, errorText(error, catalogue, terminal, json));
      return exitCodeOf(factsOf(error, catalogue).code);
    },
  };
}

/** The value of a flag that has to be known before the parser is made. */
export function flagValue(argv: readonly string[], name: string): string | undefined {
  const words = beforeEscape(argv);
  const [, inline] = words.find((word) => word.startsWith(`--${name}=`))?.split("=") ?? [];
  const index = words.indexOf(`--${name}`);
  return inline ?? (index === -1 ? undefined : words[index + 1]);
}

/** The words of a call that are no arguments for somebody else. */
export function beforeEscape(argv: readonly string[]): readonly string[] {
  const index = argv.indexOf("--");
  return index === -1 ? argv : argv.slice(0, index);
}
