import type { TenantReference } from "@af-tenancy/core";
import KeyvRedis from "@keyv/redis";
import type { RedisLayerOptions } from "../cached-tenant-store-options.ts";
import { type KeptReference, keyOf, recordKey } from "../tenant-keys.ts";
import type { Reading } from "./held-tenant.ts";
import {
  type ChannelListener,
  RedisConnection,
  type RedisLost,
  type RedisState,
} from "./redis-connection.ts";
import { readingOf, referenceText, referredOf, textOf } from "./tenant-text.ts";

/** Who hears of what comes from Redis by itself. */
export interface RedisListener extends Omit<ChannelListener, "channel"> {
  readonly lost: RedisLost;
}

/** A tenant, and the references by which it is to be found. */
export interface NamedReading {
  readonly reading: Reading;
  readonly references: readonly KeptReference[];
}

/** What Redis says of a tenant: good as of the older one of the two that it is made of. */
export interface SharedReading extends Reading {
  /** What the newer one says. */
  readonly newest: number;
}

/** How many tenants all processes share, and how many names that lead to them. */
export interface SharedSize {
  readonly tenants: number;
  readonly references: number;
}

/**
 * The tenants that all processes share, each under its id, and each reference under its own key. What is read there is
 * a hint: it says as of which change it was read, and the caller knows whether there were later ones. So it does not
 * matter what Redis missed, lost or kept while it was away.
 */
export class RedisLayer {
  readonly #connection: RedisConnection;
  readonly #keyv: KeyvRedis<string>;
  readonly #channel: string;
  readonly #space: string;
  readonly #ttl: number;

  constructor(options: Required<RedisLayerOptions>, ttl: number, listener: RedisListener) {
    this.#channel = `${options.prefix}:tenants`;
    this.#space = `${options.prefix}:tenants:${format}`;
    this.#ttl = ttl;
    const { lost } = listener;
    this.#connection = new RedisConnection(options, lost, {
      channel: this.#channel,
      heard: (message) => listener.heard(message),
      listening: () => listener.listening(),
    });
    // The adapter by itself: behind Keyv a failure would look like a miss.
    this.#keyv = new KeyvRedis(this.#connection.client, {
      namespace: this.#space,
      throwOnErrors: true,
    });
  }

  get state(): RedisState {
    return this.#connection.state;
  }

  open(patience: Promise<void>): Promise<void> {
    return this.#connection.open(patience);
  }

  close(): void {
    this.#connection.close();
  }

  /** Gives what is there, whatever became of it since; `"unavailable"` where Redis does not answer. */
  async find(reference: KeptReference): Promise<SharedReading | "unavailable" | undefined> {
    const done = await this.#connection.run(() => this.#find(reference));
    return done === undefined ? "unavailable" : done.result;
  }

  /** Keeps a tenant under its id and references. */
  async put(tenant: NamedReading): Promise<void> {
    const entries = entriesOf(tenant, Date.now() + this.#ttl);
    if (entries.length > 0) await this.#connection.run(() => this.#keyv.setMany(entries));
  }

  /** Keeps as many tenants as there are, a few at a time and however long it takes. */
  async putMany(tenants: readonly NamedReading[]): Promise<void> {
    for (let from = 0; from < tenants.length; from += chunk) {
      const expires = Date.now() + this.#ttl;
      const entries = tenants.slice(from, from + chunk).flatMap((one) => entriesOf(one, expires));
      if (entries.length > 0) await this.#connection.runLong(() => this.#keyv.setMany(entries));
    }
  }

  /** Removes keys, so that nothing of a purged tenant stays longer than it must. */
  async remove(keys: readonly string[]): Promise<void> {
    await this.#connection.run(() => this.#keyv.deleteMany([...new Set(keys)]));
  }

  /** Removes everything under the prefix, and nothing else. */
  async clear(): Promise<void> {
    await this.#connection.runLong(() => this.#keyv.clear());
  }

  /** Counts what is there, a thousand keys at a time and however long it takes; `undefined` where Redis does not answer. */
  async size(): Promise<SharedSize | undefined> {
    const all = { MATCH: `${this.#space}::*`, COUNT: 1_000 };
    const done = await this.#connection.runLong(async () => {
      const keys = new Set<string>(); // Redis may name one twice
      for await (const some of this.#connection.client.scanIterator(all)) {
        for (const key of some) keys.add(key);
      }
      return keys;
    });
    if (done === undefined) return undefined;
    const isRecord = (key: string) => key.startsWith(`${this.#space}::${recordKey("")}`);
    const tenants = [...done.result].filter(isRecord).length;
    return { tenants, references: done.result.size - tenants };
  }

  /** Tells all processes. */
  async publish(message: string): Promise<void> {
    await this.#connection.run(() => this.#connection.client.publish(this.#channel, message));
  }

  async #find(reference: KeptReference): Promise<SharedReading | undefined> {
    const { by, value } = reference;
    if (by === "id") return this.#record(value);
    const referred = referredOf(await this.#keyv.get(keyOf(reference)));
    if (referred === undefined) return undefined;
    const found = await this.#record(referred.id);
    if (found === undefined) return undefined;
    return {
      tenant: found.tenant,
      asOf: Math.min(found.asOf, referred.asOf),
      newest: Math.max(found.asOf, referred.asOf),
    };
  }

  async #record(id: string): Promise<SharedReading | undefined> {
    const found = readingOf(await this.#keyv.get(recordKey(id)), id);
    return found && { ...found, newest: found.asOf };
  }
}

/** Raised whenever records are written in another way, so that versions of the package do not read each other's. */
const format = 1;
/** How many tenants are written at once. */
const chunk = 100;

function entriesOf({ reading, references }: NamedReading, expires: number) {
  const text = textOf(reading);
  if (text === undefined) return [];
  const { tenant, asOf } = reading;
  const value = referenceText({ id: tenant.id, asOf });
  return [
    { key: recordKey(tenant.id), value: text, expires },
    ...references
      .filter(({ by }: TenantReference) => by !== "id")
      .map((reference) => ({ key: keyOf(reference), value, expires })),
  ];
}
