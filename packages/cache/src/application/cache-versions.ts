import { randomBytes } from "node:crypto";
import { type CacheEntries, type CacheKey, CacheUnavailableError } from "@af-tenancy/core";
import { type Kept, keptOf, type Versions } from "./cache-text.ts";
import { longestTtl } from "./check-calls.ts";

/** What a reading gives: the text as it stands there, and what it is worth. */
export interface Reading {
  readonly text: string | undefined;
  readonly kept: Kept | undefined;
}

/**
 * The values of one owner in one store with the versions that say which of them count. What is cleared is so at once and
 * for all processes: its version goes, and with it the worth of all values that were made under it, also of those that are
 * written later.
 */
export class VersionedEntries {
  readonly #entries: CacheEntries;
  readonly #owner: string;
  readonly #maxLength: number;

  /** `owner` is in the versions too: what was copied from another owner's database is nobody's here. */
  constructor(entries: CacheEntries, owner: string, maxLength: number) {
    this.#entries = entries;
    this.#owner = owner;
    this.#maxLength = maxLength;
  }

  /** Reads values in one question, or two where they have tags. */
  async read(keys: readonly string[]): Promise<readonly Reading[]> {
    const [all, ...texts] = await this.#entries.getMany([allKey, ...keys.map(valueKey)]);
    const readings = texts.map((text) => ({ text, kept: this.#keptOf(text, all) }));
    const tags = [...new Set(readings.flatMap(({ kept }) => tagsOf(kept)))];
    if (tags.length === 0) return readings;
    const found = await this.#entries.getMany(tags.map(tagKey));
    const current = new Map(tags.map((tag, index) => [tag, found[index]]));
    return readings.map(({ text, kept }) => {
      const isValid = kept?.versions.tags.every(([tag, version]) => current.get(tag) === version);
      return { text, kept: isValid ? kept : undefined };
    });
  }

  /** Gives the versions under which a value is made, which begin with the first one. */
  async current(tags: readonly string[]): Promise<Versions> {
    const keys = [allKey, ...tags.map(tagKey)];
    const found = await this.#entries.getMany(keys);
    const [all = "", ...rest] = await Promise.all(
      keys.map((key, index) => this.#begun(key, found[index])),
    );
    return { all, tags: tags.map((tag, index) => [tag, rest[index] ?? ""]) };
  }

  /** Takes their worth from all values that have one of the tags. */
  async clearTags(tags: readonly string[]): Promise<void> {
    await this.#entries.deleteMany(tags.map(tagKey));
  }

  /** Takes their worth from all values, and then frees them. */
  async clear(): Promise<void> {
    await this.#entries.deleteMany([allKey]);
    await this.#entries.clear();
  }

  #keptOf(text: string | undefined, all: string | undefined): Kept | undefined {
    if (all === undefined || !this.#isOwn(all)) return undefined;
    const kept = keptOf(text, this.#maxLength);
    return kept?.versions.all === all ? kept : undefined;
  }

  /** Begins a version where there is none; whoever was faster is right. */
  async #begun(key: CacheKey, found: string | undefined): Promise<string> {
    let present = found;
    for (let tries = 0; tries < mostTries; tries += 1) {
      if (present !== undefined && this.#isOwn(present)) return present;
      const fresh = `${this.#owner}/${randomBytes(12).toString("base64url")}`;
      if (await this.#entries.replace(key, present, fresh, longestTtl + day)) return fresh;
      [present] = await this.#entries.getMany([key]);
    }
    throw new CacheUnavailableError("its versions change all the time");
  }

  #isOwn(version: string): boolean {
    return version.startsWith(`${this.#owner}/`);
  }
}

/** Names a value. */
export function valueKey(name: string): CacheKey {
  return { kind: "value", name };
}

/** The version of everything. */
const allKey: CacheKey = Object.freeze({ kind: "version", name: "all" });
const mostTries = 20;
const day = 86_400_000;

function tagKey(tag: string): CacheKey {
  return { kind: "version", name: `tag:${tag}` };
}

function tagsOf(kept: Kept | undefined): readonly string[] {
  return kept === undefined ? [] : kept.versions.tags.map(([tag]) => tag);
}
