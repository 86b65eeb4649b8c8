import { describe, expect, it } from "vitest";
import { centralDomains } from "../src/central-domains.ts";
import { Identification } from "../src/identification.ts";
import {
  ConfigurationError,
  InvalidHostError,
  memoryStore,
  RegistryUnavailableError,
  TenantNotFoundError,
  TenantNotIdentifiedError,
  type TenantRecord,
  type TenantReference,
  type TenantResolution,
  type TenantResolver,
  type TenantStore,
} from "../src/index.ts";
import { isThenable } from "../src/maybe-promise.ts";
import { requestTo } from "./support/exchange.ts";
import { acme, globex } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

const tenants = memoryStore([acme, globex]);
const slowTenants: TenantStore<TenantRecord> = {
  ...tenants,
  find: async (reference) => tenants.find(reference),
};
const request = requestTo("/");
const bySlug = (value: string): TenantReference => ({ by: "slug", value });

describe.each([
  { pace: "at once", store: tenants, later: false },
  { pace: "later", store: slowTenants, later: true },
])("a tenant that is found $pace", ({ store, later }) => {
  const identify = (...candidates: readonly TenantReference[]) => {
    const resolution: TenantResolution = { kind: "tenant", candidates };
    return identification(() => (later ? Promise.resolve(resolution) : resolution), store);
  };

  it("is the first candidate that exists", async () => {
    expect(await identify(bySlug("acme"), bySlug("globex"))).toBe(acme);
    expect(await identify(bySlug("nobody"), bySlug("globex"), bySlug("acme"))).toBe(globex);
  });

  it.each(["pending", "deleting", "deleted"] as const)(
    "is no answer while it is %s, as if there were none",
    async (status) => {
      const hidden = { ...acme, slug: "hidden", status };
      const find = (reference: TenantReference) =>
        reference.value === "hidden" ? hidden : tenants.find(reference);
      const among = { ...store, find: later ? async (one: TenantReference) => find(one) : find };
      const of = (...candidates: readonly TenantReference[]) =>
        identification(() => ({ kind: "tenant", candidates }), among);

      expect(await of(bySlug("hidden"), bySlug("globex"))).toBe(globex);
      expect(await thrownBy(() => of(bySlug("hidden")))).toMatchObject({
        code: "TENANT_NOT_FOUND",
      });
    },
  );

  it("is asked for in order and no further than needed", async () => {
    const asked: string[] = [];
    const counting: TenantStore<TenantRecord> = {
      ...store,
      find(reference) {
        asked.push(reference.value);
        return store.find(reference);
      },
    };
    const candidates = ["nobody", "globex", "acme"].map(bySlug);

    await identification(() => ({ kind: "tenant", candidates }), counting);

    expect(asked).toEqual(["nobody", "globex"]);
  });

  it("is unknown when no candidate exists, named by the first one", async () => {
    const error = await thrownBy(() => identify(bySlug("nobody"), bySlug("no-one")));

    expect(error).toBeInstanceOf(TenantNotFoundError);
    expect((error as Error).message).toContain('slug "nobody"');
  });

  it("is unknown when there is no candidate at all, never central", async () => {
    expect(await thrownBy(() => identify())).toBeInstanceOf(TenantNotFoundError);
    const reference = { by: "host", value: "evilexample.com" };
    const unknown = await thrownBy(() =>
      identification(() => ({ kind: "nobody", reference }), store),
    );
    expect(unknown).toBeInstanceOf(TenantNotFoundError);
    expect(unknown).toMatchObject({ message: expect.stringContaining('host "evilexample.com"') });
  });

  it("is unknown when the store answers null, never central", async () => {
    const careless: TenantStore<TenantRecord> = {
      ...store,
      find: (() => (later ? Promise.resolve(null) : null)) as never,
    };
    const candidates = [bySlug("nobody")];

    const error = await thrownBy(() =>
      identification(() => ({ kind: "tenant", candidates }), careless),
    );

    expect(error).toBeInstanceOf(TenantNotFoundError);
  });
});

describe("an identification", () => {
  it("makes no promise where nothing is asynchronous", () => {
    const candidates = [bySlug("acme")];

    expect(identification(() => ({ kind: "tenant", candidates }), tenants)).toBe(acme);
  });

  it.each([
    ["at once", () => ({ kind: "central" }) as const],
    ["later", () => Promise.resolve({ kind: "central" } as const)],
  ])("of the central side %s is null and asks no store", async (_, resolve) => {
    expect(
      await identification(
        resolve,
        unreachable(() => new RangeError("asked")),
      ),
    ).toBeNull();
  });

  it.each([
    ["at once", () => undefined],
    ["later", () => Promise.resolve(undefined)],
  ])("of nobody %s throws and names the resolver", async (_, resolve) => {
    const error = await thrownBy(() => identification(resolve, tenants));

    expect(error).toBeInstanceOf(TenantNotIdentifiedError);
    expect((error as Error).message).toContain('"test"');
  });

  it.each([
    ["at once", () => Promise.reject(new InvalidHostError("a@b", "no"))],
    [
      "later",
      () => {
        throw new InvalidHostError("a@b", "no");
      },
    ],
  ])("passes the resolver's error %s", async (_, resolve) => {
    const error = await thrownBy(() => identification(resolve, tenants));

    expect(error).toEqual(new InvalidHostError("a@b", "no"));
  });

  it("gives the resolver the request and the central domains", async () => {
    const given: unknown[] = [];
    const central = centralDomains(["example.com"]);
    const resolver: TenantResolver = {
      name: "test",
      resolve(...args) {
        given.push(...args);
        return { kind: "central" };
      },
    };

    await new Identification(resolver, central, tenants).resolve(request);

    expect(given).toEqual([request, central]);
    expect(given[0]).toBe(request);
  });
});

describe("a resolver of the application's own", () => {
  it.each<[unknown, string]>([
    [{ kind: "tenants", candidates: [] }, '"tenants"'],
    [{ kind: "x".repeat(1_000) }, `"${"x".repeat(60)}"`],
    [{ kind: "tenant" }, '"tenant"'],
    [{ kind: "tenant", candidates: "acme" }, '"tenant"'],
    [{ kind: "strict", opinions: [] }, '"strict"'],
    [{ kind: "strict" }, '"strict"'],
    [{}, "of type undefined"],
    [null, "of type undefined"],
    ["acme", "of type undefined"],
  ])("that gives %o, which is no resolution, is named", async (given, shown) => {
    for (const answer of [given, Promise.resolve(given)]) {
      const error = await thrownBy(() => identification(() => answer as never, tenants));

      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error).toMatchObject({ code: "INVALID_CONFIGURATION", key: "resolve" });
      expect((error as Error).message).toContain(
        `"test", which gave no whole resolution (its kind is ${shown})`,
      );
    }
  });
});

describe("a store that cannot be asked", () => {
  const candidates = [bySlug("acme"), bySlug("globex")];
  const down = new RangeError("connection refused");

  it.each([
    ["throws", unreachable(() => down)],
    ["rejects", { ...tenants, find: () => Promise.reject(down) }],
  ])("is never an unknown tenant when it %s", async (_, store) => {
    const error = await thrownBy(() =>
      identification(() => ({ kind: "tenant", candidates }), store),
    );

    expect(error).toBeInstanceOf(RegistryUnavailableError);
    expect((error as Error).cause).toBe(down);
  });

  it("may say so with an error of its own", async () => {
    const own = new RegistryUnavailableError({ cause: "stale for too long" });
    const store = unreachable(() => own);

    const error = await thrownBy(() =>
      identification(() => ({ kind: "tenant", candidates }), store),
    );

    expect(error).toBe(own);
  });
});

function identification(
  resolve: TenantResolver["resolve"],
  store: TenantStore<TenantRecord>,
): unknown {
  const resolver: TenantResolver = { name: "test", resolve };
  const identifying = new Identification(resolver, centralDomains([]), store);
  const resolution = identifying.resolve(request);
  return isThenable(resolution)
    ? resolution.then((later) => identifying.find(later))
    : identifying.find(resolution);
}

function unreachable(error: () => Error): TenantStore<TenantRecord> {
  return {
    ...tenants,
    find() {
      throw error();
    },
  };
}
