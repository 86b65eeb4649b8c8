import type { ExitCode } from "../exit-codes.ts";
import type { SharedFlag } from "../messages/catalogue.ts";
import type { OutputName } from "../outputs/output-names.ts";
import type { Printer } from "../terminal/printer.ts";
import type { Flag } from "./flags.ts";
import type { Session } from "./session.ts";

/** What a command takes after its name, in order; `some` takes all that is left and at least one, `rest` also nothing. */
export type Argument = "required" | "optional" | "some" | "rest";

type Flags = Readonly<Record<string, Flag<unknown>>>;
type Arguments = Readonly<Record<string, Argument>>;

/** What a command was called with: values of its arguments and of its flags. */
type Input<A extends Arguments, F extends Flags> = {
  readonly [K in keyof A]: A[K] extends "rest" | "some"
    ? readonly string[]
    : A[K] extends "optional"
      ? string | undefined
      : string;
} & {
  readonly [K in keyof F]: F[K] extends { readonly kind: "list" }
    ? readonly string[] | undefined
    : F[K] extends Flag<infer T>
      ? T | undefined
      : never;
};

/** What the texts of every command have, in each language. */
export interface CommandTexts<A extends Arguments = Arguments, F extends Flags = Flags> {
  /** One line, as lists of commands have it. */
  readonly brief: string;
  /** What else there is to know. */
  readonly description?: string;
  readonly arguments: { readonly [K in keyof A]: string };
  /** Of flags that are the command's own; what several commands have the catalogue tells. */
  readonly flags: { readonly [K in Exclude<keyof F, SharedFlag>]: string };
  /** What `--dry-run` prints; there where the command changes something. */
  readonly dryRun?: string;
  /** What is said where somebody stopped it and what it did is not gone on with. */
  readonly interrupted?: string;
}

/** What a command gives back: printed as JSON, or for people. */
export interface Outcome {
  /** What `--json` prints; the command's output schema describes it. */
  readonly value: object;
  /** 0 when absent. */
  readonly exit?: ExitCode;
  /** What `--quiet` prints, line by line: names that a script goes on with. */
  readonly quiet?: readonly string[];
  show(print: Printer): void;
}

/** A command: how it is called, what it says in which language, and what it does. */
export interface Command<
  A extends Arguments = Arguments,
  F extends Flags = Flags,
  T extends CommandTexts<A, F> = CommandTexts<A, F>,
> {
  /** Its words, such as `tenant create`. */
  readonly path: string;
  readonly arguments: A;
  readonly flags: F;
  /** `reads` changes nothing; `changes` has `--dry-run`; `destroys` also asks, and needs `--yes` where nobody can be asked. */
  readonly kind: "reads" | "changes" | "destroys";
  /** It takes back what it did when it is stopped, which is waited for; it looks at the session's signal itself. */
  readonly undoes?: true;
  /** Calls for its help, each with all words after `af-tenancy`. */
  readonly examples: readonly string[];
  readonly exits: readonly ExitCode[];
  /** Which schema describes what `--json` prints; `undefined` where it prints no JSON. */
  readonly output: OutputName | undefined;
  readonly texts: { readonly en: T; readonly de: NoInfer<Translated<T>> };
  run(session: Session<T>, input: Input<A, F>): Promise<Outcome>;
}

/** The same texts in another language. */
type Translated<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer V) => string
      ? (...values: V) => string
      : Translated<T[K]>;
};

/**
 * Defines a command.
 *
 * @example export const tenantShow = defineCommand({ path: "tenant show", arguments: { tenant: "optional" }, ... });
 */
export function defineCommand<
  const A extends Arguments,
  const F extends Flags,
  T extends CommandTexts<A, F>,
>(command: Command<A, F, T>): Command {
  // Whoever runs it builds the input from the same description.
  return command as unknown as Command;
}
