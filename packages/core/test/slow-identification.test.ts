import { describe, expect, it } from "vitest";
import {
  createTenancy,
  type DeniedEvent,
  isTenancyError,
  manualClock,
  memoryStore,
  type TenancyParts,
  type TenantRecord,
  type TenantStore,
} from "../src/index.ts";
import { exchange } from "./support/exchange.ts";
import { pathResolver } from "./support/start-tenancy.ts";
import { acme, globex, tenantRecord } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

const suspended = tenantRecord({ slug: "suspended", status: "suspended" });
const expiring = tenantRecord({ slug: "expiring", expiresAt: 2_000 });
const store = memoryStore([acme, globex, suspended, expiring]);
const slowStore: TenantStore<TenantRecord> = {
  ...store,
  find: async (reference) => store.find(reference),
};
const slowResolver: typeof pathResolver = {
  ...pathResolver,
  resolve: async (request, central) => pathResolver.resolve(request, central),
};

describe.each([
  { what: "nothing is slow", parts: { store, resolve: pathResolver } },
  { what: "the store is slow", parts: { store: slowStore, resolve: pathResolver } },
  { what: "the resolver is slow", parts: { store, resolve: slowResolver } },
  { what: "both are slow", parts: { store: slowStore, resolve: slowResolver } },
])("a request where $what", ({ parts }) => {
  it("reaches its handler in its tenant, beside another one", async () => {
    const { tenancy } = await started(parts);
    const visit = async (path: string) => {
      const request = exchange(path, () => tenancy.current()?.slug ?? null, { mode: "universal" });
      const answer = await tenancy.handle(request);
      request.close();
      return answer;
    };

    const answers = await Promise.all(["/acme", "/globex", "/central"].map(visit));

    expect(answers).toEqual(["acme", "globex", null]);
  });

  it.each([
    ["/nobody", "TENANT_NOT_FOUND"],
    ["/suspended", "TENANT_SUSPENDED"],
    ["/central", "WRONG_SIDE"],
  ])("to %s is refused with %s, told once, and its handler never called", async (path, code) => {
    const { tenancy, denied } = await started(parts);
    const handled: string[] = [];
    const request = exchange(path, () => handled.push("handled"));

    const error = await thrownBy(() => tenancy.handle(request));

    expect(isTenancyError(error) && error.code).toBe(code);
    expect(denied).toMatchObject([{ request: request.request, error }]);
    expect(handled).toEqual([]);
  });

  it("passes the application's error and tells no refusal", async () => {
    const { tenancy, denied } = await started(parts);
    const own = new RangeError("a bug");
    const request = exchange("/acme", () => {
      throw own;
    });

    expect(await thrownBy(() => tenancy.handle(request))).toBe(own);
    expect(denied).toEqual([]);
  });

  it("is admitted by the tenancy's own clock", async () => {
    const clock = manualClock(1_999);
    const { tenancy } = await started({ ...parts, clock });
    const visit = () => thrownBy(() => tenancy.handle(exchange("/expiring", () => {})));

    const before = await visit();
    await clock.advance(1);
    const after = await visit();

    expect(before).toBeUndefined();
    expect(after).toMatchObject({ code: "TENANT_EXPIRED" });
  });
});

async function started(parts: TenancyParts & { readonly store: TenantStore<TenantRecord> }) {
  const denied: DeniedEvent[] = [];
  const tenancy = createTenancy({
    ...parts,
    hooks: { denied: (event) => void denied.push(event) },
  });
  await tenancy.start();
  return { tenancy, denied };
}
