import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Context } from "../src/context.ts";
import { EventBus } from "../src/events.ts";
import {
  type Scope,
  type Tenancy,
  type TenancyBootstrapper,
  type TenancyHooks,
  type TenantRecord,
  VetoedError,
} from "../src/index.ts";
import { Lifecycle } from "../src/lifecycle.ts";
import { noting } from "./support/noting.ts";
import { OWNER, ownerBootstrapper, startTenancy } from "./support/start-tenancy.ts";
import { acme, globex } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

const steps = [
  "initializing",
  "bootstrapping",
  "bootstrapped",
  "initialized",
  "ending",
  "reverting",
  "reverted",
  "ended",
] as const;

describe("the steps of a stay", () => {
  const expected = [
    ...["initializing", "bootstrapping", "bootstrap 1 acme", "bootstrap 2 acme"],
    ...["bootstrapped", "initialized", "inside", "ending", "reverting"],
    ...["undo 2 acme", "undo 1 acme", "reverted", "ended"],
  ];

  it.each([false, true])("are told in stancl's order, asynchronous: %s", async (asynchronous) => {
    const log: string[] = [];
    const listener = (name: string) => () => {
      if (!asynchronous) return void log.push(name);
      return tick().then(() => void log.push(name));
    };
    const hooks: TenancyHooks = Object.fromEntries(steps.map((name) => [name, listener(name)]));
    const bootstrappers = ["1", "2"].map((name) => noting(name, log, { asynchronous }));
    const tenancy = await startTenancy({ bootstrappers, hooks });

    await tenancy.run(acme, () => void log.push("inside"));

    expect(log).toEqual(expected);
  });

  it("give each listener the tenant and its scope, whose tenant is current", async () => {
    const seen: unknown[] = [];
    const scopes = new Set<Scope>();
    const hooks: TenancyHooks = Object.fromEntries(
      steps.map((name) => [
        name,
        ({ tenant, scope }: { tenant: TenantRecord; scope: Scope }) => {
          scopes.add(scope);
          seen.push([name, tenant, tenancy.current()]);
        },
      ]),
    );
    const tenancy: Tenancy = await startTenancy({ hooks });

    await tenancy.run(acme, () => {});

    expect(seen).toEqual(steps.map((name) => [name, acme, acme]));
    expect(scopes.size).toBe(1);
  });

  it("leave A before B is entered when an open scope changes from A to B", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log)] });

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      await tenancy.initialize(globex);
    });

    expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme", "bootstrap 1 globex", "undo 1 globex"]);
  });
});

describe("a bootstrapper without an undo", () => {
  const kinds: Readonly<Record<string, TenancyBootstrapper["bootstrap"]>> = {
    "at once": () => {},
    later: async () => {},
    "with null for an undo": (() => null) as never,
  };
  const cases = Object.keys(kinds).flatMap((kind) =>
    [false, true].map((listened) => ({ kind, listened })),
  );

  it.each(cases)("is fine: $kind, with listeners: $listened", async ({ kind, listened }) => {
    const log: string[] = [];
    const bare = (name: string) => ({ name, bootstrap: kinds[kind] ?? (() => {}) });
    const bootstrappers = [bare("1"), noting("2", log), bare("3"), bare("4")];
    const hooks: TenancyHooks = listened ? { ended: () => {} } : {};
    const tenancy = await startTenancy({ bootstrappers, hooks });

    expect(await tenancy.run(acme, () => "inside")).toBe("inside");
    expect(log).toEqual(["bootstrap 2 acme", "undo 2 acme"]);
  });
});

describe("the state of a context", () => {
  const cases = [false, true].flatMap((asynchronous) =>
    [false, true].flatMap((listened) =>
      [false, true].map((fails) => ({ asynchronous, listened, fails })),
    ),
  );

  it.each(cases)(
    "is ending while it is undone and ended after it: %o",
    async ({ asynchronous, listened, fails }) => {
      const seen: string[] = [];
      const context: Context<TenantRecord> = new Context(acme, {});
      const looking: TenancyBootstrapper = {
        name: "looking",
        bootstrap: () => () => {
          seen.push(context.state);
          return asynchronous ? tick().then(() => void seen.push(context.state)) : undefined;
        },
      };
      const last = noting("last", [], { asynchronous, failing: fails ? "bootstrap" : undefined });
      const events = new EventBus<TenantRecord>();
      if (listened) events.on("ended", () => {});
      const lifecycle = new Lifecycle<TenantRecord>(events, [looking, last], async () => []);

      await thrownBy(() => lifecycle.enter(context));
      if (!fails) {
        expect(context.state).toBe("active");
        await lifecycle.leave(context);
      }

      expect(new Set(seen)).toEqual(new Set(["ending"]));
      expect(context.state).toBe("ended");
    },
  );
});

describe("a listener", () => {
  it("of bootstrapping replaces the bootstrappers of this stay only", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("usual", log)] });
    const remove = tenancy.events.on("bootstrapping", ({ bootstrappers, replaceBootstrappers }) => {
      log.push(bootstrappers.map(({ name }) => name).join());
      replaceBootstrappers([noting("other", log)]);
    });

    await tenancy.run(acme, () => {});
    remove();
    await tenancy.run(acme, () => {});

    expect(log).toEqual([
      ...["usual", "bootstrap other acme", "undo other acme"],
      ...["bootstrap usual acme", "undo usual acme"],
    ]);
  });

  it.each(["initializing", "bootstrapping"] as const)(
    "of %s refuses the tenant before anything was bootstrapped",
    async (name) => {
      const log: string[] = [];
      const hooks: TenancyHooks = { [name]: () => false };
      const tenancy = await startTenancy({ bootstrappers: [noting("1", log)], hooks });

      const error = await thrownBy(() => tenancy.run(acme, () => log.push("inside")));

      expect(error).toBeInstanceOf(VetoedError);
      expect((error as Error).message).toContain(`"${name}"`);
      expect(log).toEqual([]);
    },
  );

  it("of ending keeps the tenant of an open scope as it was, until it lets go", async () => {
    const log: string[] = [];
    const bootstrappers = [noting("1", log), ownerBootstrapper];
    const tenancy = await startTenancy({ bootstrappers });

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      const owner = tenancy.get(OWNER);
      const remove = tenancy.events.on("ending", () => false);
      await expect(tenancy.end()).rejects.toThrow(VetoedError);
      await expect(tenancy.initialize(globex)).rejects.toThrow(VetoedError);

      expect(tenancy.current()).toBe(acme);
      expect(tenancy.get(OWNER)).toBe(owner);
      expect(log).toEqual(["bootstrap 1 acme"]);
      remove();
      await tenancy.end();
      expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme"]);
    });
  });

  it("of ending cannot hold a sealed scope", async () => {
    const log: string[] = [];
    const hooks: TenancyHooks = { ending: () => false };
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log)], hooks });

    expect(await tenancy.run(acme, () => "left")).toBe("left");
    expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme"]);
  });

  it.each(["ending", "reverting", "reverted", "ended"] as const)(
    "of %s that throws stops neither undo nor the other listeners",
    async (name) => {
      const log: string[] = [];
      const bootstrappers = [noting("1", log)];
      const tenancy = await startTenancy({ bootstrappers });
      tenancy.events.on(name, () => {
        throw new RangeError(name);
      });
      tenancy.events.on("ended", () => void log.push("ended"));

      const error = await thrownBy(() => tenancy.run(acme, () => {}));

      expect((error as AggregateError).errors).toEqual([new RangeError(name)]);
      expect(log).toEqual([
        "bootstrap 1 acme",
        "undo 1 acme",
        ...(name === "ended" ? [] : ["ended"]),
      ]);
    },
  );

  it.each(["bootstrapped", "initialized"] as const)(
    "of %s that throws undoes what was bootstrapped",
    async (name) => {
      const log: string[] = [];
      const hooks: TenancyHooks = { [name]: () => Promise.reject(new RangeError(name)) };
      const tenancy = await startTenancy({ bootstrappers: [noting("1", log)], hooks });

      const error = await thrownBy(() => tenancy.run(acme, () => log.push("inside")));

      expect(error).toEqual(new RangeError(name));
      expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme"]);
    },
  );
});
