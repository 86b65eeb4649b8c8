import {
  accessSync,
  constants,
  createWriteStream,
  existsSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Writable } from "node:stream";
import { noStream } from "./output-stream.ts";
import type { RowFormat } from "./row-format.ts";

/** Where the files of an export go. */
export interface FilePlan {
  readonly folder: string;
  /** A file, or a folder that is there already and gets a file for each entity. */
  readonly path: string;
  readonly format: RowFormat;
  readonly overwrite: boolean;
  /** Nothing is written; who is in the way is found all the same. */
  readonly dryRun: boolean;
  /** Once it is aborted no file is begun. */
  readonly signal: AbortSignal;
  /** Ends the command: there is such a file. */
  taken(path: string): never;
  /** Ends the command: no file can be made there. */
  impossible(path: string): never;
  /** Gives what to throw where a file was begun and its rows cannot be written. */
  unwritten(path: string, cause: unknown): Error;
}

/** Files that get their names when they are whole, so that nobody takes half of one for all. */
export class RowFiles {
  readonly #plan: FilePlan;
  readonly #drafts = new Map<string, string>();
  #failure: Error | undefined;
  /** What an export takes: one stream, or what makes one for each entity. */
  readonly to: Writable | ((entity: string) => Writable);

  constructor(plan: FilePlan) {
    this.#plan = plan;
    const path = resolve(plan.folder, plan.path);
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    this.to = isFolder
      ? (entity) => this.#open(join(path, `${entity}.${plan.format}`))
      : this.#open(path);
  }

  /** What to throw in place of an error that a file is the cause of. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Gives all of them their names, and tells these. */
  keep(): readonly string[] {
    for (const [draft, path] of this.#drafts) renameSync(draft, path);
    return [...this.#drafts.values()];
  }

  /** Removes those that have no names. */
  discard(): void {
    for (const draft of this.#drafts.keys()) rmSync(draft, { force: true });
  }

  #open(path: string): Writable {
    this.#plan.signal.throwIfAborted();
    if (!this.#plan.overwrite && existsSync(path)) this.#plan.taken(path);
    if (this.#plan.dryRun)
      return mayWrite(dirname(path)) ? noStream() : this.#plan.impossible(path);
    const draft = `${path}.${process.pid}.part`;
    const fd = opened(draft) ?? this.#plan.impossible(path);
    this.#drafts.set(draft, path);
    return createWriteStream(draft, { fd }).once("error", (cause) => {
      this.#failure ??= this.#plan.unwritten(path, cause);
    });
  }
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/** Opened at once, so that what is removed does not come later. Nobody else of this machine may read what tenants keep. */
function opened(path: string): number | undefined {
  try {
    return openSync(path, "wx", 0o600);
  } catch {
    return undefined;
  }
}
