import { lstatSync, readdirSync, type Stats } from "node:fs";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "./code-of.ts";
import { syncToDisk } from "./sync-to-disk.ts";

/** What SQLite keeps beside a file; these go before it, because an orphan would be replayed into a later file. */
const companions: readonly string[] = ["-wal", "-shm", "-journal"];

/** The file of one tenant and everything that stands beside it. */
export class TenantFile {
  readonly folder: string;
  readonly name: string;
  readonly path: string;

  constructor(folder: string, name: string) {
    this.folder = folder;
    this.name = name;
    this.path = join(folder, `${name}.sqlite`);
  }

  /** Size in bytes with all companions; `undefined` when the file is not there. */
  async bytes(): Promise<number | undefined> {
    const own = look(this.path);
    if (own === undefined) return undefined;
    const others = companions.map((suffix) => look(this.path + suffix));
    return others.reduce((sum, other) => sum + (other?.size ?? 0), own.size);
  }

  /** It is a file, and not a folder or a link to somewhere else. */
  async isRegular(): Promise<boolean> {
    return look(this.path)?.isFile() ?? false;
  }

  /** Path of a companion, when there is one. */
  async companion(): Promise<string | undefined> {
    return companions.map((suffix) => this.path + suffix).find((path) => look(path) !== undefined);
  }

  /**
   * Where files stand that are still being made: few, so that whoever looks for those of one name reads a short list, however
   * many tenants there are. The dot cannot begin a name.
   */
  get draftFolder(): string {
    return join(this.folder, draftFolder);
  }

  /** A path for a file that is still being made. */
  draft(unique: string): string {
    return join(this.draftFolder, this.#draftPrefix + unique);
  }

  /** Removes the file and all that belongs to it, durably, in an order that a crash may interrupt anywhere. */
  async remove(): Promise<void> {
    for (const suffix of companions) await removeIfThere(this.path + suffix);
    await removeIfThere(this.path);
    if (look(this.folder) === undefined) return;
    for (const draft of this.drafts()) await removeIfThere(draft);
    await syncToDisk(this.folder);
  }

  /** The paths of what was begun for this name and not finished, by anybody. */
  drafts(): readonly string[] {
    return namesIn(this.draftFolder)
      .filter((entry) => entry.startsWith(this.#draftPrefix))
      .map((entry) => join(this.draftFolder, entry));
  }

  /** The tilde cannot stand in a name, so that no name's drafts are taken for another's. */
  get #draftPrefix(): string {
    return `${this.name}~`;
  }
}

/** The folder for drafts in the folder of the tenants' files. */
export const draftFolder = ".drafts";

/** Looks at a link itself and never at what it leads to; at once, because that is faster than to ask another thread. */
function look(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** None where there is no folder. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return [];
  }
}

/** Removes a file that others may remove as well. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === "ENOENT";
}
