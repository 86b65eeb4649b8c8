import type { FlagRule } from "../command/flags.ts";
import type { ExitCode } from "../exit-codes.ts";
import { english } from "./english.ts";
import { german } from "./german.ts";
import type { MakeTexts } from "./make-texts.ts";
import type { MigrationTexts } from "./migration-texts.ts";

/** Texts that all commands share; those of one command stand with it. */
export interface Catalogue {
  /** The language, as `--lang` names it. */
  readonly language: Language;
  readonly application: string;
  /** What the groups of commands are, by their words. */
  readonly groups: Readonly<Record<string, string>>;
  /** Of flags that several commands have, by name. */
  readonly flags: Readonly<Record<SharedFlag, string>>;
  readonly exits: Readonly<Record<ExitCode, string>>;
  readonly rules: Readonly<Record<FlagRule, string>>;
  readonly help: HelpTexts;
  readonly refusals: RefusalTexts;
  readonly words: WordTexts;
  /** What commands tell that migrate tenants. */
  readonly migrations: MigrationTexts;
  /** What commands tell that write a module. */
  readonly makes: MakeTexts;
  /** What to do about an error, by its code, where a command helps. */
  readonly remedies: Readonly<Record<string, string>>;
}

export type Language = "en" | "de";

/** Flags that several commands have. */
export type SharedFlag =
  | "config"
  | "json"
  | "quiet"
  | "lang"
  | "yes"
  | "dryRun"
  | "reason"
  | "tenants"
  | "skipTenants"
  | "withPending"
  | "processes"
  | "skipFailing"
  | "canary"
  | "waveSize"
  | "timeout"
  | "lockTimeout"
  | "maintenance";

interface HelpTexts {
  readonly usage: string;
  readonly aliases: string;
  readonly commands: string;
  readonly flags: string;
  readonly arguments: string;
  readonly examples: string;
  readonly default: string;
  readonly separator: string;
  readonly help: string;
  readonly helpAll: string;
  readonly version: string;
  readonly escape: string;
}

/** What an application goes through until it is there. */
export type StartStep = "load" | "start" | "registry";

interface RefusalTexts {
  unknownCommand(input: string, corrections: readonly string[]): string;
  unknownFlag(input: string, corrections: readonly string[]): string;
  badValue(flag: string, input: string, rule: string): string;
  notOneOf(flag: string, input: string, values: readonly string[]): string;
  flagWithoutValue(flag: string): string;
  flagTwice(flag: string): string;
  tooMany(input: string): string;
  missingArgument(name: string): string;
  readonly unreadable: string;
  emptySelector(name: string): string;
  patternSelector(value: string): string;
  unknownTenant(value: string): string;
  ambiguousTenant(value: string): string;
  twice(value: string): string;
  readonly nobodyLeft: string;
  canaryOutside(value: string): string;
  noSuchDomain(tenant: string, domain: string): string;
  needsYes(command: string): string;
  needsPlan(command: string): string;
  readonly declined: string;
  readonly interrupted: string;
  readonly processEnded: string;
  linkPattern(flag: string): string;
  linkName(id: string): string;
  noConfig(folder: string): string;
  noSuchConfig(path: string): string;
  configFailed(path: string): string;
  configIsNone(path: string): string;
  needsRegistry(command: string): string;
  needsTransfer(command: string): string;
  notWritten(path: string): string;
  readonly notPrinted: string;
  startTimedOut(step: StartStep, seconds: number, part: string | undefined): string;
}

interface WordTexts {
  readonly error: string;
  readonly because: string;
  readonly remedy: string;
  readonly seeHelp: string;
  readonly nothingChanged: string;
  readonly wouldChange: string;
  readonly noChange: string;
  readonly working: string;
  readonly none: string;
  readonly yes: string;
  readonly no: string;
  readonly which: string;
  readonly typeName: (name: string) => string;
  readonly milliseconds: (milliseconds: number, megabytes: number) => string;
  /** Of one tenant's turn. */
  readonly turn: (milliseconds: number, kilobytes: number) => string;
  readonly fleet: (done: number, failed: number, waiting: number) => string;
  readonly nobody: string;
  readonly otherName: (name: string, asked: string) => string;
  readonly wouldVisit: string;
  /** Columns of what happened in a tenant's turn. */
  readonly steps: {
    readonly at: string;
    readonly what: string;
    readonly took: string;
    readonly memory: string;
    readonly error: string;
  };
}

/** Chooses a language: what the flag says, or else the environment, as the C library does it. */
export function languageOf(
  wanted: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  const locale = wanted ?? [LC_ALL, LC_MESSAGES, LANG].find((value) => value) ?? "en";
  return /^de(\W|_|$)/i.test(locale) ? "de" : "en";
}

/** Gives the catalogue of a language. */
export function catalogueOf(language: Language): Catalogue {
  return language === "de" ? german : english;
}
