import { describe, expect, it } from "vitest";
import {
  type DeniedEvent,
  type Tenancy,
  TenantMismatchError,
  TenantNotFoundError,
} from "../src/index.ts";
import { exchange } from "./support/exchange.ts";
import { type NotingOptions, noting } from "./support/noting.ts";
import { startTenancy } from "./support/start-tenancy.ts";
import { acme, globex, tenantRecord } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

describe("an error of the application", () => {
  it.each([
    [
      "thrown",
      (error: Error) => {
        throw error;
      },
    ],
    ["rejected", (error: Error) => Promise.reject(error)],
  ])("that is %s passes unchanged and is never taken for a refusal", async (_, fail) => {
    const { tenancy, denied } = await listening();
    let calls = 0;
    for (const error of [new TenantNotFoundError("slug", "other"), new RangeError("a bug")]) {
      const request = exchange("/acme", () => {
        calls++;
        return fail(error);
      });

      const thrown = await thrownBy(() => tenancy.handle(request));
      request.close();

      expect(thrown).toBe(error);
    }
    expect(calls).toBe(2);
    expect(denied).toEqual([]);
  });
});

describe("a second middleware", () => {
  it("for the same tenant goes on in the same scope", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log)] });

    const outer = exchange("/acme", () => {
      const inner = exchange("/acme", () => tenancy.current());
      const answer = tenancy.handle(inner);
      inner.close();
      return [answer, tenancy.current()];
    });

    expect(tenancy.handle(outer)).toEqual([acme, acme]);
    outer.close();
    expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme"]);
  });

  it.each([
    ["/acme", "/globex"],
    ["/acme", "/central"],
    ["/central", "/acme"],
  ])("inside %s for %s throws TenantMismatchError", async (outerPath, innerPath) => {
    const { tenancy, denied } = await listening();
    const outer = exchange(
      outerPath,
      () => thrownBy(() => tenancy.handle(exchange(innerPath, () => {}, { mode: "universal" }))),
      { mode: "universal" },
    );

    const error = await tenancy.handle(outer);
    outer.close();

    expect(error).toBeInstanceOf(TenantMismatchError);
    expect(error).toMatchObject({ status: 500 });
    expect(denied).toEqual([]);
  });

  it("inside another tenancy of the same process is a request of its own", async () => {
    const tenancy = await startTenancy();
    const other: Tenancy = await startTenancy();

    const outer = exchange("/acme", () => {
      const inner = exchange("/globex", () => [tenancy.current()?.slug, other.current()?.slug]);
      return other.handle(inner);
    });

    expect(tenancy.handle(outer)).toEqual(["acme", "globex"]);
  });
});

async function listening(options: NotingOptions = {}) {
  const denied: DeniedEvent[] = [];
  const log: string[] = [];
  const bootstrappers = [noting("1", log, options)];
  const suspended = tenantRecord({ slug: "suspended", status: "suspended" });
  const tenancy = await startTenancy(
    { bootstrappers, hooks: { denied: (event) => void denied.push(event) } },
    [acme, globex, suspended],
  );
  return { tenancy, denied, log };
}
