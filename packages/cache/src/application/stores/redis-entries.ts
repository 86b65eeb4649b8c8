import {
  type CacheEntries,
  type CacheEntry,
  type CacheKey,
  CacheUnavailableError,
} from "@af-tenancy/core";
import type { Done, RedisConnection } from "../../layers/redis-connection.ts";
import { keyText, valuePrefix } from "./key-text.ts";

/** What stands before the keys of values, and before those of locks and versions. */
export interface RedisPrefixes {
  readonly values: string;
  readonly others: string;
}

/** The entries under prefixes of a Redis. */
export class RedisEntries implements CacheEntries {
  readonly #connected: () => RedisConnection;
  readonly #prefixes: RedisPrefixes;

  constructor(connected: () => RedisConnection, prefixes: RedisPrefixes) {
    this.#connected = connected;
    this.#prefixes = prefixes;
  }

  async getMany(keys: readonly CacheKey[]): Promise<readonly (string | undefined)[]> {
    if (keys.length === 0) return [];
    const names = keys.map((key) => this.#nameOf(key));
    const texts = await this.#run(({ client }) => client.mGet(names));
    return texts.map((text) => text ?? undefined);
  }

  async setMany(entries: readonly CacheEntry[], ttl: number): Promise<void> {
    if (entries.length === 0) return;
    await this.#run(({ client }) => {
      const multi = client.multi();
      for (const { key, text } of entries) {
        multi.set(this.#nameOf(key), text, { expiration: { type: "PX", value: ttl } });
      }
      return multi.exec();
    });
  }

  async deleteMany(keys: readonly CacheKey[]): Promise<number> {
    if (keys.length === 0) return 0;
    const names = keys.map((key) => this.#nameOf(key));
    return this.#run(({ client }) => client.unlink(names));
  }

  async replace(
    key: CacheKey,
    expected: string | undefined,
    text: string | undefined,
    ttl?: number,
  ): Promise<boolean> {
    const replaced = await this.#run(({ client }) =>
      client.eval(replaceScript, {
        keys: [this.#nameOf(key)],
        arguments: [...optional(expected), ...optional(text), String(ttl ?? "")],
      }),
    );
    return replaced === 1;
  }

  /** Looks through all keys of the Redis, a thousand at a time. */
  async clear(): Promise<void> {
    const own = this.#prefixes.values + valuePrefix;
    await removeMatching(this.#connected(), `${own}*`, (key) => key.startsWith(own));
  }

  #nameOf(key: CacheKey): string {
    const { values, others } = this.#prefixes;
    return (key.kind === "value" ? values : others) + keyText(key);
  }

  async #run<R>(work: (connection: RedisConnection) => Promise<R>): Promise<R> {
    const connection = this.#connected();
    return resultOf(await connection.run(() => work(connection)));
  }
}

/**
 * Removes the keys that match a pattern, in batches that block nobody else. `isOwn` decides; the pattern only spares the
 * wire, and its prefix and ids have no character that means anything to it.
 */
export async function removeMatching(
  connection: RedisConnection,
  pattern: string,
  isOwn: (key: string) => boolean,
): Promise<void> {
  const { client } = connection;
  let cursor = "0";
  do {
    const scanned = await connection.runLong(() =>
      client.scan(cursor, { MATCH: pattern, COUNT: 1_000 }),
    );
    const { cursor: next, keys } = resultOf(scanned);
    const own = keys.filter(isOwn);
    if (own.length > 0) resultOf(await connection.runLong(() => client.unlink(own)));
    cursor = next;
  } while (cursor !== "0");
}

/** Whether there is a text, and which. */
function optional(text: string | undefined): [string, string] {
  return text === undefined ? ["", ""] : ["1", text];
}

function resultOf<R>(done: Done<R> | undefined): R {
  if (done !== undefined) return done.result;
  throw new CacheUnavailableError("its Redis does not answer");
}

const replaceScript = `
local present = redis.call('GET', KEYS[1])
if ARGV[1] == '' then
  if present then return 0 end
elseif present ~= ARGV[2] then
  return 0
end
if ARGV[3] == '' then
  redis.call('UNLINK', KEYS[1])
elseif ARGV[5] == '' then
  redis.call('SET', KEYS[1], ARGV[4], 'KEEPTTL')
else
  redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
end
return 1
`;
