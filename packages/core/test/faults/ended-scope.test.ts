import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ContextEndedError,
  type GetValue,
  type Scope,
  type Tenancy,
  type TenancyBootstrapper,
  type TenantRecord,
  type ValueKey,
  valueKey,
} from "../../src/index.ts";
import { exchange } from "../support/exchange.ts";
import { gate } from "../support/gate.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { acme } from "../support/tenants.ts";
import { thrownBy } from "../support/thrown-by.ts";

/** A database that notes every query that reaches it. */
const DATABASE: ValueKey<{ query(text: string): void }> = valueKey("database");
const NEVER_CREATED: ValueKey<string> = valueKey("never-created");

describe("work that nobody awaited", () => {
  const uses: Readonly<Record<string, (tenancy: Tenancy, scope: Scope) => unknown>> = {
    "current()": (tenancy) => tenancy.current(),
    "currentOrFail()": (tenancy) => tenancy.currentOrFail(),
    "get() of a created value": (tenancy) => tenancy.get(DATABASE).query("late"),
    "get() of a value never created": (tenancy) => tenancy.get(NEVER_CREATED),
    "waitUntil()": (tenancy) => tenancy.waitUntil(Promise.resolve()),
    "scope.provide()": (_, scope) => scope.provide(valueKey("late"), () => "late"),
    "scope.lease()": (_, scope) => scope.lease(),
  };

  it.each(Object.keys(uses))("F006: %s from a timer after the end throws", async (name) => {
    const { tenancy, queries, scopes } = await started();

    const { later } = await tenancy.run(acme, () => {
      tenancy.get(DATABASE).query("in time");
      return { later: fromTimer(() => uses[name]?.(tenancy, scopes[0] as Scope)) };
    });

    expect(await later).toBeInstanceOf(ContextEndedError);
    expect(queries).toEqual(["in time"]);
  });

  it("F006: an unawaited promise reaches the database before the end and not after it", async () => {
    const { tenancy, queries } = await started();
    const ended = gate();
    const outcome: { error?: unknown } = {};

    const forgotten = tenancy.run(acme, () => ({
      work: (async () => {
        tenancy.get(DATABASE).query("in time");
        await ended.opened;
        outcome.error = await thrownBy(() => tenancy.get(DATABASE).query("late"));
      })(),
    })) as { work: Promise<void> };
    ended.open();
    await forgotten.work;

    expect(outcome.error).toBeInstanceOf(ContextEndedError);
    expect(queries).toEqual(["in time"]);
  });

  it("F006: after the response of a request it throws as well", async () => {
    const { tenancy, queries } = await started();
    let later: Promise<unknown> = Promise.resolve();
    const request = exchange("/acme", () => {
      later = fromTimer(() => tenancy.get(DATABASE).query("late"));
    });

    await tenancy.handle(request);
    request.close();

    expect(await later).toBeInstanceOf(ContextEndedError);
    expect(queries).toEqual([]);
  });

  it("F006: the way to other values that a creator kept is closed after the end", async () => {
    const KEEPER: ValueKey<{ later: GetValue }> = valueKey("keeper");
    const created: string[] = [];
    const keeping: TenancyBootstrapper = {
      name: "keeping",
      bootstrap(scope) {
        scope.provide(KEEPER, (get) => ({ later: get }));
        scope.provide(NEVER_CREATED, () => {
          created.push(scope.tenant.slug);
          return "created";
        });
      },
    };
    const tenancy = await startTenancy({ bootstrappers: [keeping] });

    const keeper = await tenancy.run(acme, () => tenancy.get(KEEPER));

    expect(() => keeper.later(NEVER_CREATED)).toThrow(ContextEndedError);
    expect(() => keeper.later(KEEPER)).toThrow(ContextEndedError);
    expect(created).toEqual([]);
  });

  it("F006: a new scope of the same tenant may be opened from an ended one", async () => {
    const { tenancy } = await started();

    const { later } = await tenancy.run(acme, () => ({
      later: sleep(1).then(() => tenancy.run(acme, () => tenancy.currentOrFail().slug)),
    }));

    expect(await later).toBe("acme");
  });
});

describe("the channel af-tenancy:ended-access", () => {
  const heard: unknown[] = [];
  const hear = (message: unknown) => void heard.push(message);

  beforeEach(() => {
    heard.length = 0;
    subscribe("af-tenancy:ended-access", hear);
  });
  afterEach(() => {
    unsubscribe("af-tenancy:ended-access", hear);
  });

  it("F006: hears of late use with tenant, origin and the stack that opened the scope", async () => {
    const { tenancy } = await started();
    const { later } = await openHere(tenancy);

    expect(await later).toBeInstanceOf(ContextEndedError);
    expect(heard).toEqual([
      { tenantId: acme.id, origin: { requestId: "r1" }, opened: expect.any(String) },
    ]);
    expect((heard[0] as { opened: string }).opened).toContain("openHere");
  });

  it("F006: has no stack for scopes that were opened while nobody listened", async () => {
    unsubscribe("af-tenancy:ended-access", hear);
    const { tenancy } = await started();
    const { later } = await openHere(tenancy);
    subscribe("af-tenancy:ended-access", hear);

    await later;

    expect(heard).toEqual([{ tenantId: acme.id, origin: { requestId: "r1" }, opened: undefined }]);
  });

  function openHere(tenancy: Tenancy): Promise<{ later: Promise<unknown> }> {
    return tenancy.run(acme, async () => ({ later: fromTimer(() => tenancy.current()) }), {
      requestId: "r1",
    });
  }
});

/** Gives what a use throws when a timer makes it. */
function fromTimer(use: () => unknown): Promise<unknown> {
  return new Promise((resolve) => {
    setTimeout(() => void thrownBy(use).then(resolve), 2);
  });
}

async function started() {
  const queries: string[] = [];
  const scopes: Scope[] = [];
  const bootstrapper: TenancyBootstrapper<TenantRecord> = {
    name: "database",
    bootstrap(scope) {
      scopes.push(scope);
      scope.provide(DATABASE, () => ({ query: (text) => void queries.push(text) }));
      scope.provide(NEVER_CREATED, () => "created");
    },
  };
  const tenancy = await startTenancy({ bootstrappers: [bootstrapper] });
  return { tenancy, queries, scopes };
}
