import { outsideTenancy } from "@af-tenancy/core";
import { createClient, type RedisClientType } from "@redis/client";
import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import type { RedisLayerOptions } from "../cached-tenant-store-options.ts";

/** Whether Redis is asked: `open` after failures in a row, when it is left alone for a second. */
export type RedisState = "up" | "down" | "open";

/** What came of something that was done. */
export interface Done<R> {
  readonly result: R;
}

/** Who hears of what comes from Redis by itself. */
export interface RedisListener {
  /** Somebody published on the channel. */
  heard(message: string): void;
  /** The subscription is there, anew after every loss: messages may have been missed. */
  listening(): void;
  /** It was lost, or a command failed; once until it is there again. */
  lost(error: unknown): void;
}

/**
 * Two connections to one Redis, one of them for the channel, that come back by themselves. Commands are sent only while
 * there is a connection, wait no longer than the timeout, and leave a Redis alone for a second that failed three times.
 */
export class RedisConnection {
  readonly client: RedisClientType;
  readonly #subscriber: RedisClientType;
  readonly #channel: string;
  readonly #listener: RedisListener;
  readonly #breaker = circuitBreaker(handleAll, {
    halfOpenAfter: pause,
    breaker: new ConsecutiveBreaker(3),
  });
  readonly #policy: { execute<R>(work: () => PromiseLike<R>): Promise<R> };
  #isOpen = false;
  #isLost = false;

  constructor(options: Required<RedisLayerOptions>, channel: string, listener: RedisListener) {
    this.#channel = channel;
    this.#listener = listener;
    // Whether it answers again is tried out by itself, not by a request.
    this.#breaker.onBreak(() => setTimeout(() => this.#probe(), pause + 1).unref());
    this.#policy = wrap(this.#breaker, timeout(options.timeout, TimeoutStrategy.Aggressive));
    this.client = makeClient(options.url);
    this.#subscriber = this.client.duplicate();
    for (const client of [this.client, this.#subscriber]) {
      client.on("error", (error: unknown) => this.#lose(error));
    }
    this.client.on("ready", () => {
      this.#isLost = false;
    });
    this.#subscriber.on("ready", () => listener.listening());
  }

  get state(): RedisState {
    if (!this.client.isReady) return "down";
    return this.#breaker.state === CircuitState.Closed ? "up" : "open";
  }

  /** Begins to connect, and waits for it a little; goes on trying behind the scenes. */
  async open(patience: Promise<void>): Promise<void> {
    this.#isOpen = true;
    const connected = outsideTenancy(() =>
      Promise.all([this.client.connect(), this.#subscribe()]).catch((error) => this.#lose(error)),
    );
    await Promise.race([connected, patience]);
  }

  /** Does something there within the timeout; `undefined` where that is not possible now. */
  run<R>(work: () => PromiseLike<R>): Promise<Done<R> | undefined> {
    return this.#attempt(() => this.#policy.execute(work));
  }

  /** Does something there however long it takes; `undefined` where that is not possible now. */
  runLong<R>(work: () => PromiseLike<R>): Promise<Done<R> | undefined> {
    return this.#attempt(work);
  }

  async #attempt<R>(work: () => PromiseLike<R>): Promise<Done<R> | undefined> {
    if (!this.client.isReady) return undefined;
    try {
      const result = await work();
      this.#isLost = false;
      return { result };
    } catch (error) {
      this.#lose(error);
      return undefined;
    }
  }

  /** Lets go of both connections; what is under way fails. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const client of [this.client, this.#subscriber]) client.destroy();
  }

  async #subscribe(): Promise<void> {
    await this.#subscriber.connect();
    await this.#subscriber.subscribe(this.#channel, (message) => this.#listener.heard(message));
    this.#listener.listening();
  }

  #probe(): void {
    if (this.#isOpen) void this.run(() => this.client.ping());
  }

  #lose(error: unknown): void {
    if (!this.#isOpen || this.#isLost) return;
    this.#isLost = true;
    this.#listener.lost(error);
  }
}

/** Milliseconds for which a Redis that failed is left alone. */
const pause = 1_000;

/** Its connection is looked at each second; one on which nothing came for ten is given up. */
function makeClient(url: string): RedisClientType {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    pingInterval: 1_000,
    socket: {
      connectTimeout: 2_000,
      socketTimeout: 10_000,
      reconnectStrategy: (attempts) => Math.min(50 * 2 ** attempts, 1_000),
    },
  });
  return client as unknown as RedisClientType;
}
