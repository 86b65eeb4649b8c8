import {
  attachOnce,
  type CacheEntries,
  type CacheSpace,
  type CacheStore,
  CacheUnavailableError,
  type TenancyHost,
  tellFailure,
} from "@af-tenancy/core";
import type { RedisLayerOptions } from "../../cached-tenant-store-options.ts";
import { checkRedis } from "../../check-redis.ts";
import type { RedisConnection } from "../../layers/redis-connection.ts";
import { ownerText, tenantText } from "../owner-text.ts";
import { RedisEntries, removeMatching } from "./redis-entries.ts";

/** Which Redis, and which keys in it. */
export interface RedisCacheOptions extends RedisLayerOptions {}

/**
 * Makes a store in a Redis that all processes share. Its keys begin with `<prefix>:cache:` and have the tenant in them;
 * nothing else is touched there. While Redis does not answer, nobody waits for it.
 *
 * @example applicationCaches({ stores: { default: redisCache({ url: "redis://localhost:6379", prefix: "shop" }) } })
 * @throws ConfigurationError when an option is wrong or unknown
 */
export function redisCache(options: RedisCacheOptions): CacheStore {
  return new RedisCache(checkRedis("redisCache", options));
}

class RedisCache implements CacheStore {
  readonly name = "redis-cache";
  readonly #options: Required<RedisCacheOptions>;
  readonly #attachment = attachOnce("bootstrappers: [cacheBootstrapper(caches)]");
  readonly #root: string;
  #connection: RedisConnection | undefined;

  constructor(options: Required<RedisCacheOptions>) {
    this.#options = options;
    this.#root = `${options.prefix}:cache:${format}:`;
  }

  attach(host: TenancyHost): void {
    this.#attachment.attach(host);
  }

  /** Its client is loaded only where there is such a store, so that nobody else pays for it. */
  async start(): Promise<void> {
    if (this.#connection !== undefined) return;
    const { RedisConnection } = await import("../../layers/redis-connection.ts");
    const lost = (error: unknown) => void tellFailure(this.#attachment.host(), error);
    this.#connection = new RedisConnection(this.#options, lost);
    await this.#connection.open(this.#attachment.clock.sleep(connectPatience));
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  open({ owner, store, label }: CacheSpace): CacheEntries {
    const before = label === undefined ? "" : `${label}:`;
    // In braces, so that a cluster keeps what is asked for together on one server.
    const own = `{${ownerText(owner)}}:${store}:`;
    // A label may change, as a tenant's slug does: locks that are held then, and versions, are found all the same.
    const prefixes = { values: this.#root + before + own, others: this.#root + own };
    return new RedisEntries(() => this.#connected(), prefixes);
  }

  /** A key of another tenant may look alike further on, so it is read from its beginning. */
  async purge(tenantId: string): Promise<void> {
    const tenant = tenantText(tenantId);
    const own = new RegExp(`^(?:[A-Za-z0-9._-]+:)?\\{${escaped(tenant)}~\\d+\\}:`);
    await removeMatching(this.#connected(), `${this.#root}*{${tenant}~*}:*`, (key) =>
      own.test(key.slice(this.#root.length)),
    );
  }

  #connected(): RedisConnection {
    if (this.#connection !== undefined) return this.#connection;
    throw new CacheUnavailableError("its Redis is not connected before start() and after close()");
  }
}

/** Raised whenever keys are written in another way, so that versions of the package do not read each other's. */
const format = 1;
/** Milliseconds that a start waits for Redis. */
const connectPatience = 500;

function escaped(text: string): string {
  return text.replaceAll(".", "\\.");
}
