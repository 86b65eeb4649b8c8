import type { Scope, TenancyBootstrapper } from "./contracts/bootstrapper.ts";
import type { TenancyComponent, TenancyHost } from "./contracts/component.ts";
import type { CentralRegistry } from "./contracts/registry.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { checkKnownOptions } from "./known-options.ts";
import { attachOnce } from "./memory/attach-once.ts";
import { outsideTenancy } from "./outside-tenancy.ts";
import { tellFailure } from "./tell-failure.ts";

/** How often accesses are written. */
export interface AccessRecorderOptions {
  /** Milliseconds between two writes, from 1,000 to a day, and how exact the times are; 60,000 when absent. */
  readonly periodMs?: number;
}

/** What remembers which tenants were entered, and writes that once in a period. */
export type AccessRecorder = TenancyBootstrapper & TenancyComponent;

/**
 * Has the registry remember when tenants were last entered (`lastAccessedAt`): each at most once in a period, many in
 * one statement, never while a request waits, and the rest when the tenancy is closed. A crash loses one period at most.
 *
 * @example createTenancy({ registry, bootstrappers: [accessRecorder()] })
 * @throws ConfigurationError
 */
export function accessRecorder(options: AccessRecorderOptions = {}): AccessRecorder {
  checkKnownOptions<AccessRecorderOptions>("accessRecorder", options, { periodMs: true });
  const { periodMs = 60_000 } = options;
  if (!(Number.isInteger(periodMs) && periodMs >= 1_000 && periodMs <= 86_400_000)) {
    const remedy = "give whole milliseconds from 1,000 to 86,400,000.";
    throw new ConfigurationError("accessRecorder.periodMs", String(periodMs), remedy);
  }
  return new Recorder(periodMs);
}

class Recorder implements AccessRecorder {
  readonly name = "access-recorder";
  readonly #periodMs: number;
  readonly #attachment = attachOnce("bootstrappers");
  #registry: CentralRegistry | undefined;
  #entered = new Set<string>();
  #closing = new AbortController();
  #writing: Promise<void> | undefined;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  attach(host: TenancyHost): void {
    const { registry } = host;
    this.#attachment.attach(host);
    this.#registry = registry;
  }

  start(): void {
    this.#closing = new AbortController();
  }

  bootstrap({ tenant }: Scope<Tenant>): void {
    this.#entered.add(tenant.id);
    this.#writing ??= outsideTenancy(() => this.#writeLater());
  }

  /** Writes what is not written yet; throws what the registry throws. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#writing;
    await this.#write();
  }

  async #writeLater(): Promise<void> {
    try {
      await this.#attachment.clock.sleep(this.#periodMs, this.#closing.signal);
    } catch {
      return; // close() writes
    }
    try {
      await this.#write();
    } catch (error) {
      await tellFailure(this.#attachment.host(), error);
    } finally {
      this.#writing = undefined;
    }
    if (this.#entered.size > 0) this.#writing ??= this.#writeLater();
  }

  /** What could not be written waits for the next period. */
  async #write(): Promise<void> {
    const ids = [...this.#entered];
    this.#entered = new Set();
    const time = this.#attachment.clock.now();
    for (let from = 0; from < ids.length; from += batch) {
      const times = new Map(ids.slice(from, from + batch).map((id) => [id, time]));
      try {
        await this.#registry?.transaction(({ accesses }) => accesses.record(times));
      } catch (error) {
        for (const id of ids.slice(from)) this.#entered.add(id);
        throw error;
      }
    }
  }
}

/** How many tenants one statement is for. */
const batch = 1_000;
