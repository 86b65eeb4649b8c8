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

/** Hears that Redis was lost, or that a command failed; once until it is there again. */
export type RedisLost = (error: unknown) => void;

/** Who listens to a channel as well. */
export interface ChannelListener {
  readonly channel: string;
  /** Somebody published on it. */
  heard(message: string): void;
  /** The subscription is there, anew after every loss: messages may have been missed. */
  listening(): void;
}

/**
 * A connection to one Redis, and another one where there is a channel, that come back by themselves. Commands are sent
 * only while there is a connection, wait no longer than the timeout, and leave a Redis alone for a second that failed
 * three times.
 */
export class RedisConnection {
  readonly client: RedisClientType;
  readonly #subscriber: RedisClientType | undefined;
  readonly #listener: ChannelListener | undefined;
  readonly #lost: RedisLost;
  readonly #breaker = circuitBreaker(handleAll, {
    halfOpenAfter: pause,
    breaker: new ConsecutiveBreaker(3),
  });
  readonly #policy: { execute<R>(work: () => PromiseLike<R>): Promise<R> };
  #isOpen = false;
  #isLost = false;

  constructor(options: Required<RedisLayerOptions>, lost: RedisLost, listener?: ChannelListener) {
    this.#lost = lost;
    this.#listener = listener;
    // Whether it answers again is tried out by itself, not by a request.
    this.#breaker.onBreak(() => setTimeout(() => this.#probe(), pause + 1).unref());
    this.#policy = wrap(this.#breaker, timeout(options.timeout, TimeoutStrategy.Aggressive));
    this.client = makeClient(options.url);
    this.#subscriber = listener && this.client.duplicate();
    for (const client of this.#clients) {
      client.on("error", (error: unknown) => this.#lose(error));
    }
    this.client.on("ready", () => {
      this.#isLost = false;
    });
    this.#subscriber?.on("ready", () => listener?.listening());
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

  /** Lets go of the connections; what is under way fails. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const client of this.#clients) client.destroy();
  }

  get #clients(): readonly RedisClientType[] {
    return this.#subscriber === undefined ? [this.client] : [this.client, this.#subscriber];
  }

  async #subscribe(): Promise<void> {
    const [subscriber, listener] = [this.#subscriber, this.#listener];
    if (subscriber === undefined || listener === undefined) return;
    await subscriber.connect();
    await subscriber.subscribe(listener.channel, (message) => listener.heard(message));
    listener.listening();
  }

  #probe(): void {
    if (this.#isOpen) void this.run(() => this.client.ping());
  }

  #lose(error: unknown): void {
    if (!this.#isOpen || this.#isLost) return;
    this.#isLost = true;
    this.#lost(error);
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
