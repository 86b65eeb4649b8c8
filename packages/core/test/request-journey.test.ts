import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  ConfigurationError,
  createTenancy,
  type DeniedEvent,
  isTenancyError,
  memoryStore,
  type RouteMode,
  type Tenancy,
  type Tenant,
  TenantDeniedError,
  TenantNotFoundError,
  VetoedError,
  WrongSideError,
} from "../src/index.ts";
import { exchange } from "./support/exchange.ts";
import { type NotingOptions, noting } from "./support/noting.ts";
import { pathResolver, startTenancy } from "./support/start-tenancy.ts";
import { acme, globex, tenantRecord } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

describe("a request", () => {
  it("reaches its handler once, inside its tenant and with its origin, and gives what it gives", async () => {
    const tenancy = await startTenancy();
    const request = exchange("/acme", () => [tenancy.current()?.slug, tenancy.origin()], {
      origin: { requestId: "r1" },
    });

    const answer = tenancy.handle(request);

    expect(answer).toEqual(["acme", { requestId: "r1" }]);
    expect(tenancy.current()).toBeNull();
    request.close();
  });

  it("of the central side has no tenant", async () => {
    const tenancy = await startTenancy();
    const request = exchange("/central", () => tenancy.current(), { mode: "central" });

    expect(tenancy.handle(request)).toBeNull();
    request.close();
  });

  it("stays in its tenant across awaits, beside another one", async () => {
    const tenancy = await startTenancy();
    const visit = async (path: string) => {
      const request = exchange(path, async () => {
        await tick();
        const first = tenancy.current()?.slug;
        await tick();
        return [first, tenancy.current()?.slug];
      });
      const answer = await tenancy.handle(request);
      request.close();
      return answer;
    };

    expect(await Promise.all([visit("/acme"), visit("/globex")])).toEqual([
      ["acme", "acme"],
      ["globex", "globex"],
    ]);
  });

  it("needs a resolver", async () => {
    const tenancy = createTenancy({ store: memoryStore([acme]) });
    await tenancy.start();

    expect(() => tenancy.handle(exchange("/acme", () => {}))).toThrow(ConfigurationError);
  });
});

describe("the side of a route", () => {
  it.each<[path: string, mode: RouteMode, answer: string]>([
    ["/acme", "tenant", "served"],
    ["/acme", "universal", "served"],
    ["/acme", "central", "WRONG_SIDE"],
    ["/central", "tenant", "WRONG_SIDE"],
    ["/central", "universal", "served"],
    ["/central", "central", "served"],
  ])("%s on a %s route: %s", async (path, mode, expected) => {
    const tenancy = await startTenancy();
    const handled: string[] = [];

    const error = await thrownBy(() =>
      tenancy.handle(exchange(path, () => void handled.push("served"), { mode })),
    );

    expect(error === undefined ? handled : [isTenancyError(error) && error.code]).toEqual([
      expected,
    ]);
    if (error !== undefined) expect(error).toMatchObject({ status: 404 });
    expect(handled).toHaveLength(error === undefined ? 1 : 0);
  });

  it("is asked again by assertSide, for guards behind a universal middleware", async () => {
    const tenancy = await startTenancy();

    await tenancy.run(acme, () => {
      expect(() => tenancy.assertSide("tenant")).not.toThrow();
      expect(() => tenancy.assertSide("universal")).not.toThrow();
      expect(() => tenancy.assertSide("central")).toThrow(WrongSideError);
    });
    expect(() => tenancy.assertSide("central")).not.toThrow();
    expect(() => tenancy.assertSide("tenant")).toThrow(WrongSideError);
  });

  it("is checked before the status, so that a central route tells nothing of a tenant", async () => {
    const suspended = tenantRecord({ slug: "suspended", status: "suspended" });
    const tenancy = await startTenancy({}, [suspended]);

    const error = await thrownBy(() =>
      tenancy.handle(exchange("/suspended", () => {}, { mode: "central" })),
    );

    expect(error).toBeInstanceOf(WrongSideError);
  });
});

describe("a refusal", () => {
  it.each([
    ["an unknown tenant", "/nobody", TenantNotFoundError],
    ["a suspended tenant", "/suspended", TenantDeniedError],
    ["the wrong side", "/central", WrongSideError],
  ])("of %s is told, and neither bootstrappers nor handler run", async (_, path, kind) => {
    const { tenancy, denied, log } = await listening();
    const handled: string[] = [];
    const request = exchange(path, () => handled.push("handled"));

    const error = await thrownBy(() => tenancy.handle(request));

    expect(error).toBeInstanceOf(kind);
    const tenantId = path === "/suspended" ? "suspended-id" : null;
    expect(denied).toEqual([{ request: request.request, error, tenantId }]);
    expect([...handled, ...log]).toEqual([]);
  });

  it.each([
    ["a bootstrapper that throws", { failing: "bootstrap" }],
    ["a bootstrapper that rejects", { failing: "bootstrap", asynchronous: true }],
  ] as const)("by %s is told once, outside the scope, and no handler runs", async (_, options) => {
    const { tenancy, denied, outside } = await listening(options);
    const handled: string[] = [];
    const request = exchange("/acme", () => handled.push("handled"));

    const error = await thrownBy(() => tenancy.handle(request));

    expect(error).toEqual(new RangeError("bootstrap 1"));
    expect(denied).toEqual([{ request: request.request, error, tenantId: acme.id }]);
    expect(outside()).toEqual([null]);
    expect(handled).toEqual([]);
  });

  it("by a veto is told", async () => {
    const denied: unknown[] = [];
    const tenancy = await startTenancy({
      hooks: { initializing: () => false, denied: ({ error }) => void denied.push(error) },
    });

    const error = await thrownBy(() => tenancy.handle(exchange("/acme", () => {})));

    expect(error).toBeInstanceOf(VetoedError);
    expect(denied).toEqual([error]);
  });

  it("waits for its listeners", async () => {
    const log: string[] = [];
    const denied = async () => {
      await tick();
      log.push("told");
    };
    const tenancy = await startTenancy({ hooks: { denied } });

    await thrownBy(() => tenancy.handle(exchange("/nobody", () => {})));

    expect(log).toEqual(["told"]);
  });

  it("is decided anew for each request", async () => {
    let status: "active" | "suspended" = "active";
    const store = memoryStore([acme]);
    const tenancy = createTenancy({
      resolve: pathResolver,
      store: { ...store, find: () => ({ ...acme, status }) },
    });
    await tenancy.start();
    const visit = () => thrownBy(() => tenancy.handle(exchange("/acme", () => {})));

    const before = await visit();
    status = "suspended";
    const after = await visit();

    expect([before, after]).toEqual([undefined, expect.any(TenantDeniedError)]);
  });
});

async function listening(options: NotingOptions = {}) {
  const denied: DeniedEvent[] = [];
  const log: string[] = [];
  const bootstrappers = [noting("1", log, options)];
  const suspended = tenantRecord({ slug: "suspended", status: "suspended" });
  const current: (Tenant | null)[] = [];
  const tenancy: Tenancy = await startTenancy(
    {
      bootstrappers,
      hooks: {
        denied(event) {
          denied.push(event);
          current.push(tenancy.current());
        },
      },
    },
    [acme, globex, suspended],
  );
  return { tenancy, denied, log, outside: () => current };
}
