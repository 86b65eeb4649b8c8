import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  ContextEndedError,
  manualClock,
  type Scope,
  type TenancyBootstrapper,
  valueKey,
} from "../src/index.ts";
import { gate } from "./support/gate.ts";
import { noting } from "./support/noting.ts";
import { OWNER, ownerBootstrapper, startTenancy } from "./support/start-tenancy.ts";
import { acme, globex } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

const busy = { code: "SCOPE_BUSY" };

describe("an open scope", () => {
  it("leaves whichever tenant it ends in, also when the callback throws", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log)] });

    await tenancy.scope(() => tenancy.initialize(acme));
    const error = await thrownBy(() =>
      tenancy.scope(async () => {
        await tenancy.initialize(globex);
        throw new RangeError("own");
      }),
    );

    expect(error).toEqual(new RangeError("own"));
    expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme", "bootstrap 1 globex", "undo 1 globex"]);
    expect(tenancy.current()).toBeNull();
  });

  it("gives a stay whose values fail once another tenant was entered", async () => {
    const tenancy = await startTenancy({ bootstrappers: [ownerBootstrapper] });

    await tenancy.scope(async () => {
      const stay = await tenancy.initialize(acme);
      expect(stay.get(OWNER).slug).toBe("acme");
      await tenancy.initialize(globex);

      expect(() => stay.get(OWNER)).toThrow(ContextEndedError);
      expect(() => stay.get(valueKey("never"))).toThrow(ContextEndedError);
      expect(tenancy.get(OWNER).slug).toBe("globex");
    });
  });

  it("waits for a change that nobody awaited", async () => {
    const log: string[] = [];
    const bootstrappers = [noting("1", log, { asynchronous: true })];
    const tenancy = await startTenancy({ bootstrappers, clock: manualClock() });

    await tenancy.scope(() => void tenancy.initialize("acme-id"));

    expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme"]);
    await tenancy.close();
  });
});

describe("a change", () => {
  it("to the present tenant does nothing", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log)] });

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      await tenancy.initialize("acme-id");
      await tenancy.initialize({ ...acme, version: 2 });

      expect(log).toEqual(["bootstrap 1 acme"]);
      expect(tenancy.current()).toBe(acme);
    });
  });

  it("by reinitialize leaves and enters the tenant as the store has it now, and nobody is nobody", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log)] });

    await tenancy.scope(async () => {
      await tenancy.reinitialize();
      expect(tenancy.current()).toBeNull();
      await tenancy.initialize({ ...acme, slug: "outdated" });
      await tenancy.reinitialize();

      expect(tenancy.current()).toBe(acme);
    });
    expect(log).toEqual([
      "bootstrap 1 outdated",
      "undo 1 outdated",
      "bootstrap 1 acme",
      "undo 1 acme",
    ]);
  });

  it("after the scope has ended throws ContextEndedError and enters nobody", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log)] });

    const { later } = await tenancy.scope(() => ({
      later: tick().then(() => thrownBy(() => tenancy.initialize(acme))),
    }));

    expect(await later).toBeInstanceOf(ContextEndedError);
    expect(log).toEqual([]);
  });
});

describe("a change is refused while", () => {
  it("another change is under way", async () => {
    const entering = gate();
    const slow: TenancyBootstrapper = { name: "slow", bootstrap: () => entering.opened };
    const tenancy = await startTenancy({ bootstrappers: [slow] });

    await tenancy.scope(async () => {
      const first = tenancy.initialize(acme);
      await expect(tenancy.initialize(globex)).rejects.toMatchObject(busy);
      await expect(tenancy.end()).rejects.toMatchObject(busy);
      await expect(tenancy.reinitialize()).rejects.toMatchObject(busy);
      entering.open();
      await first;

      expect(tenancy.current()).toBe(acme);
    });
  });

  it("a run of the same tenant is unfinished, and no longer", async () => {
    const tenancy = await startTenancy();
    const done = gate();

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      const child = tenancy.run(acme, () => done.opened);
      await expect(tenancy.end()).rejects.toMatchObject(busy);
      done.open();
      await child;
      await thrownBy(() => tenancy.run(acme, () => Promise.reject(new RangeError("later"))));
      await thrownBy(() =>
        tenancy.run(acme, () => {
          throw new RangeError("at once");
        }),
      );
      await tenancy.run(acme, () => "at once");

      await expect(tenancy.end()).resolves.toBeUndefined();
    });
  });

  it.each(["run", "central", "scope"] as const)("a %s inside is unfinished", async (kind) => {
    const tenancy = await startTenancy();
    const done = gate();

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      const child =
        kind === "run" ? tenancy.run(globex, () => done.opened) : tenancy[kind](() => done.opened);
      await expect(tenancy.end()).rejects.toMatchObject(busy);
      done.open();
      await child;

      await expect(tenancy.end()).resolves.toBeUndefined();
    });
  });

  it("background work is unfinished", async () => {
    const tenancy = await startTenancy();
    const done = gate();

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      tenancy.waitUntil(done.opened);
      await expect(tenancy.end()).rejects.toMatchObject(busy);
      done.open();
      await tick();

      await expect(tenancy.end()).resolves.toBeUndefined();
    });
  });
});

describe("what begins while a tenant is looked up", () => {
  it("is not torn down under its lease", async () => {
    const scopes: Scope[] = [];
    const undone: string[] = [];
    const keeping: TenancyBootstrapper = {
      name: "keeping",
      bootstrap(scope) {
        scopes.push(scope);
        return () => void undone.push(scope.tenant.slug);
      },
    };
    const tenancy = await startTenancy({ bootstrappers: [keeping] });

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      const change = tenancy.initialize("globex-id"); // asks the store first
      let release: (() => void) | undefined;
      const lease = await thrownBy(() => {
        release = scopes[0]?.lease(); // a query of another branch
      });
      const refused = await thrownBy(() => change);

      // Either the lease is refused, or the change is; never both at work.
      expect([lease, refused].filter((error) => error !== undefined)).toHaveLength(1);
      if (lease === undefined) expect(undone).toEqual([]);
      release?.();
    });
  });

  it("is not torn down under its run", async () => {
    const tenancy = await startTenancy({ bootstrappers: [ownerBootstrapper] });

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      const change = tenancy.initialize("globex-id"); // asks the store first
      const child = thrownBy(() =>
        tenancy.run(acme, async () => {
          await tick();
          tenancy.get(OWNER);
        }),
      );

      const errors = [await thrownBy(() => change), await child];
      expect(errors.filter((error) => error !== undefined)).toEqual([
        expect.objectContaining(busy),
      ]);
    });
  });
});
