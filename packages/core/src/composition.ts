import { type Admissible, admit } from "./admission.ts";
import { centralDomains } from "./central-domains.ts";
import { ChangeConsumers } from "./change-consumers.ts";
import { checkOptions } from "./check-options.ts";
import { type ClosableServer, closeServer } from "./close-server.ts";
import { Components } from "./components.ts";
import type { Context } from "./context.ts";
import type { Origin, TenancyBootstrapper } from "./contracts/bootstrapper.ts";
import type { Clock } from "./contracts/clock.ts";
import type { TenancyComponent } from "./contracts/component.ts";
import type { Listener } from "./contracts/events.ts";
import type { CentralDomains, TenancyRequest } from "./contracts/resolver.ts";
import type { TenantStore } from "./contracts/store.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { CookieHints } from "./cookie-hints.ts";
import { drain } from "./drain.ts";
import { ConfigurationError, TenancyClosedError } from "./errors/configuration-errors.ts";
import { EventBus } from "./events.ts";
import type { Frame } from "./frame.ts";
import { Identification } from "./identification.ts";
import { Lifecycle } from "./lifecycle.ts";
import { MaintenancePass } from "./maintenance-pass.ts";
import { systemClock } from "./memory/system-clock.ts";
import { OpenScopes } from "./open-scopes.ts";
import { outsideTenancy } from "./outside-tenancy.ts";
import { publishFailure } from "./publish-failure.ts";
import { RefusalResponses } from "./refusal-responses.ts";
import { RequestJourney } from "./request-journey.ts";
import { Scopes } from "./scopes.ts";
import type { TenancyOptions } from "./tenancy-options.ts";

/** What is closed with the tenancy. */
export interface CloseOptions {
  /** The server of `node:http` that serves its requests: it takes no more, and finishes those it has within the grace. */
  readonly server?: ClosableServer;
}

/** The parts of one tenancy, put together from checked options, and their start and close. */
export class Composition<T extends Tenant> {
  readonly options: TenancyOptions<T>;
  readonly store: TenantStore<T>;
  readonly clock: Clock;
  readonly central: CentralDomains;
  readonly events = new EventBus<T>();
  readonly scopes: Scopes<T>;
  readonly openScopes: OpenScopes<T>;
  readonly responses: RefusalResponses<T>;
  readonly #journey: RequestJourney<T> | undefined;
  readonly #components: Components;
  readonly #consumers: ChangeConsumers;
  readonly #graceMs: number;
  #state: "not started" | "starting" | "started" | "closing" | "closed" = "not started";
  #changing: Promise<void> = Promise.resolve();

  constructor(options: TenancyOptions<T>) {
    checkOptions(options);
    this.options = Object.freeze({ ...options });
    this.store = (options.store ?? options.registry?.store) as TenantStore<T>;
    this.clock = options.clock ?? systemClock();
    const { central = [] } = options;
    this.central = "has" in central ? central : centralDomains(central);
    this.#graceMs = options.graceMs ?? 5_000;
    const lifecycle = new Lifecycle<T>(this.events, bootstrappersOf(options), (context) =>
      drain(context as Context, this.clock, this.#graceMs),
    );
    const assertOpen = () => this.assertStarted();
    this.scopes = new Scopes<T>(this, lifecycle, this.clock, this.#graceMs, assertOpen);
    this.openScopes = new OpenScopes<T>(this.scopes, lifecycle);
    this.#journey = this.#makeJourney(options);
    this.responses = new RefusalResponses<T>(options.admission ?? {}, (error) =>
      this.report(error, this.scopes.frame()),
    );
    this.#components = new Components(componentsOf(options));
    this.#consumers = new ChangeConsumers(options.consumers ?? {});
    for (const [name, listener] of Object.entries(options.hooks ?? {})) {
      this.events.on(name as "failure", listener as Listener<T, "failure">);
    }
  }

  get journey(): RequestJourney<T> {
    if (this.#journey !== undefined) return this.#journey;
    throw new ConfigurationError(
      "resolve",
      "missing",
      "pass a resolver, such as domainResolver(), to serve requests.",
    );
  }

  /** The scope of a request that an error came out of, if it did. */
  scopeOf(error: unknown): Frame | undefined {
    return this.#journey?.scopeOf(error);
  }

  get components(): Components {
    return this.#components;
  }

  /** Throws `TenancyClosedError` unless started; what is inside a scope may go on while the tenancy closes. */
  assertStarted(): void {
    if (this.#state === "started") return;
    if (this.#state === "closing" && this.scopes.frame() !== undefined) return;
    throw new TenancyClosedError(this.#state);
  }

  start(): Promise<void> {
    this.#changing = this.#changing.then(() => this.#start());
    return this.#settled();
  }

  close({ server }: CloseOptions): Promise<void> {
    this.#changing = this.#changing.then(() => this.#close(server));
    return this.#settled();
  }

  /** Tells of a failure that no caller will see; with nobody listening it becomes a process warning. */
  readonly report = (error: unknown, frame: Frame | undefined): void => {
    this.#tellFailure(error, frame?.context.tenantOrNull?.id, frame?.origin);
  };

  #tellFailure(error: unknown, tenantId: string | undefined, origin: Origin = {}): void {
    const event = { error, tenantId: tenantId ?? null, origin };
    publishFailure(event);
    if (!this.events.has("failure")) warn(error);
    else void (async () => this.events.emit("failure", event))().catch(warn);
  }

  #makeJourney(options: TenancyOptions<T>): RequestJourney<T> | undefined {
    const { resolve } = options;
    if (resolve === undefined) return undefined;
    const identification = new Identification<T>(resolve, this.central, this.store);
    return new RequestJourney<T>(
      this.scopes,
      identification,
      this.#makeHints(options),
      this.events,
      this.#admitting(options),
      this.report,
    );
  }

  #makeHints({ cookieHint = false, keys }: TenancyOptions<T>): CookieHints<T> | undefined {
    const { hints } = this.store;
    if (!cookieHint || keys === undefined || hints === undefined) return undefined;
    return new CookieHints<T>(keys, this.clock, this.store, hints);
  }

  #admitting({ databases, keys, admission = {} }: TenancyOptions<T>) {
    const pass = new MaintenancePass(keys, this.clock, admission);
    return (tenant: T, request: TenancyRequest) =>
      admit(tenant as Admissible, this.clock, databases?.migrations, (maintenance) =>
        pass.lets(tenant, maintenance, request),
      );
  }

  async #start(): Promise<void> {
    if (this.#state === "started") return;
    if (this.#state !== "not started") throw new TenancyClosedError(this.#state);
    this.#state = "starting";
    try {
      await outsideTenancy(() => this.#components.start());
      this.#state = "started";
      this.#startConsumers();
    } catch (error) {
      this.#state = "not started";
      throw error;
    }
  }

  #startConsumers(): void {
    const { registry } = this.options;
    if (registry === undefined) return;
    const failed = (error: unknown, tenantId: string | undefined) =>
      this.#tellFailure(error, tenantId);
    this.#consumers.start({ registry, clock: this.clock, failed });
  }

  /** A consumer ends with the change that it is at, so it is stopped while scopes can still be entered. */
  async #close(server: ClosableServer | undefined): Promise<void> {
    const stopping = this.#state === "closed" ? undefined : this.#consumers.stop();
    if (server !== undefined) await closeServer(server, this.clock, this.#graceMs);
    if (stopping === undefined) return;
    await this.#withinGrace(stopping);
    this.#state = "closing";
    // Requests had their grace; what is open now is work that goes on without a client, or is cut off already.
    const grace = server === undefined ? this.#graceMs : Math.min(this.#graceMs, 500);
    await this.#withinGrace(this.scopes.quiet(), grace);
    this.#state = "closed";
    await outsideTenancy(() => this.#components.close());
  }

  async #withinGrace(work: PromiseLike<unknown>, graceMs = this.#graceMs): Promise<void> {
    const stop = new AbortController();
    const grace = this.clock.sleep(graceMs, stop.signal).catch(() => undefined);
    await Promise.race([work, grace]);
    stop.abort();
  }

  /** The caller sees the failure; the queue of changes goes on. */
  #settled(): Promise<void> {
    const changing = this.#changing;
    this.#changing = changing.catch(() => undefined);
    return changing;
  }
}

function bootstrappersOf<T extends Tenant>(options: TenancyOptions<T>): TenancyBootstrapper<T>[] {
  const { databases, bootstrappers = [] } = options;
  return databases === undefined ? [...bootstrappers] : [databases.bootstrapper, ...bootstrappers];
}

function componentsOf<T extends Tenant>(options: TenancyOptions<T>): TenancyComponent[] {
  const { registry, store, central, databases, provisioning, bootstrappers = [] } = options;
  const stores = [store, central].filter((part) => part !== undefined).filter(hasLife);
  const parts = [databases, provisioning].filter((part) => part !== undefined);
  const first = registry === undefined ? stores : [registry, ...stores];
  return [...first, ...parts, ...bootstrappers.filter(hasLife)];
}

function hasLife<P extends object>(part: P): part is P & TenancyComponent {
  return typeof (part as Partial<TenancyComponent>).attach === "function";
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
