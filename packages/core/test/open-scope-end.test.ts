import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  ContextEndedError,
  manualClock,
  type Scope,
  type TenancyBootstrapper,
} from "../src/index.ts";
import { startTenancy } from "./support/start-tenancy.ts";
import { acme, globex } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

const late = new RangeError("late");
const fails = () => tick().then(() => Promise.reject(late));

describe("background work of an open scope that fails", () => {
  it("surfaces where the scope ends, once, when it had no tenant", async () => {
    const tenancy = await startTenancy();

    const error = await thrownBy(() => tenancy.scope(() => tenancy.waitUntil(fails())));

    expect(error).toBe(late);
  });

  it("surfaces where the scope ends, once, also when its tenant was left long before", async () => {
    const tenancy = await startTenancy();
    const reached: string[] = [];

    const error = await thrownBy(() =>
      tenancy.scope(async () => {
        await tenancy.initialize(acme);
        tenancy.waitUntil(fails());
        await tick();
        await tick();
        await tenancy.initialize(globex);
        await tenancy.end();
        reached.push("the end");
      }),
    );

    expect(reached).toEqual(["the end"]);
    expect(error).toBe(late);
  });
});

describe("after the end of an open scope", () => {
  it.each([
    ["in a tenant", true],
    ["in none", false],
  ])("that ended %s, what it began with no tenant keeps nothing open", async (_, inTenant) => {
    const tenancy = await startTenancy({ clock: manualClock() });

    const { waitUntil } = await tenancy.scope(async () => {
      const waitUntil = tenancy.bind((work: Promise<void>) => tenancy.waitUntil(work));
      if (inTenant) await tenancy.initialize(acme);
      return { waitUntil };
    });

    expect(() => waitUntil(Promise.resolve())).toThrow(ContextEndedError);
    await tenancy.close();
  });
});

describe("reinitialize", () => {
  it("does not leave the tenant under a lease that begins while it is read anew", async () => {
    const scopes: Scope[] = [];
    const undone: string[] = [];
    const keeping: TenancyBootstrapper = {
      name: "keeping",
      bootstrap(scope) {
        scopes.push(scope);
        return () => void undone.push("undone");
      },
    };
    const tenancy = await startTenancy({ bootstrappers: [keeping] });

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      const change = tenancy.reinitialize();
      const release = scopes[0]?.lease();

      await expect(change).rejects.toMatchObject({ code: "SCOPE_BUSY" });
      expect(undone).toEqual([]);
      release?.();
    });
  });
});
