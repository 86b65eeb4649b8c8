import type { Application } from "../config/application.ts";
import type { Catalogue } from "../messages/catalogue.ts";
import type { Progress } from "../terminal/progress.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What a command works with while it runs. */
export interface Session<T = unknown> {
  /** The command's own texts, in the language of whoever reads them. */
  readonly texts: T;
  readonly catalogue: Catalogue;
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly progress: Progress;
  /** Aborted when somebody stops the command. */
  readonly signal: AbortSignal;
  /** Loads the application, once; where `limitMs` is given, loading and starting may take no longer than that each. */
  application(limitMs?: number): Promise<Application>;
  /** Does something when the command ends, also when somebody stops it, while the application is still open. */
  atEnd(act: () => Promise<void>): void;
  /** Ends the command as called wrongly, with a text of the catalogue; throws `UsageError`. */
  refuse(message: string): never;
}

/** What every command is told. */
export interface Settings {
  /** The command's words. */
  readonly command: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly config: string | undefined;
  /** Somebody can be asked, and wants to be. */
  readonly mayAsk: boolean;
}
