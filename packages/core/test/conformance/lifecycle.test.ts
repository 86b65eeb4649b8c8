import { describe, expect, it } from "vitest";
import { createTenancy, memoryStore, type Tenant, VetoedError } from "../../src/index.ts";
import { acme, globex, noting, startTenancy } from "./support.ts";

describe("the life of a tenant's scope", () => {
  it("C001: initialize runs every bootstrapper with that tenant and end runs every undo", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log), noting("2", log)] });

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      expect(log).toEqual(["bootstrap 1 acme", "bootstrap 2 acme"]);
      await tenancy.end();
    });

    expect(log.slice(2)).toEqual(["undo 2 acme", "undo 1 acme"]);
  });

  it("C002: initialising B while A is active moves all state to B and ends A first", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log)] });

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      await tenancy.initialize(globex);

      expect(tenancy.current()).toBe(globex);
      expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme", "bootstrap 1 globex"]);
    });
  });

  it("C003: when bootstrapper k throws only those before it are undone and its error surfaces", async () => {
    const log: string[] = [];
    const bootstrappers = [noting("1", log), noting("2", log, "bootstrap"), noting("3", log)];
    const tenancy = await startTenancy({ bootstrappers });

    expect(() => tenancy.run(acme, () => log.push("callback"))).toThrow(
      new RangeError("2 cannot start"),
    );

    expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme"]);
    expect(tenancy.current()).toBeNull();
  });

  it("tells the events of a stay in stancl's order, around bootstrappers and undos", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log), noting("2", log)] });
    for (const name of [
      "initializing",
      "bootstrapping",
      "bootstrapped",
      "initialized",
      "ending",
      "reverting",
      "reverted",
      "ended",
    ] as const) {
      tenancy.events.on(name, () => void log.push(name));
    }

    await tenancy.run(acme, () => log.push("callback"));

    expect(log).toEqual([
      "initializing",
      "bootstrapping",
      "bootstrap 1 acme",
      "bootstrap 2 acme",
      "bootstrapped",
      "initialized",
      "callback",
      "ending",
      "reverting",
      "undo 2 acme",
      "undo 1 acme",
      "reverted",
      "ended",
    ]);
  });

  it("C007: reinitialize makes changed attributes take effect, not before, and is a no-op in central", async () => {
    const stored = new Map<string, Tenant>([[acme.id, acme]]);
    const seen: string[] = [];
    const store = {
      find: ({ value }: { readonly value: string }) => stored.get(value),
      list: () => memoryStore([...stored.values()]).list(),
    };
    const bootstrapper = {
      name: "slugs",
      bootstrap: ({ tenant }: { readonly tenant: Tenant }) => void seen.push(tenant.slug),
    };
    const tenancy = createTenancy<Tenant>({ store, bootstrappers: [bootstrapper] });
    await tenancy.start();

    await tenancy.scope(async () => {
      await tenancy.reinitialize();
      await tenancy.initialize(acme.id);
      stored.set(acme.id, { ...acme, slug: "acme-2", version: 2 });
      await tenancy.initialize(acme.id);
      expect(seen).toEqual(["acme"]);
      await tenancy.reinitialize();
      expect(tenancy.current()?.slug).toBe("acme-2");
    });

    expect(seen).toEqual(["acme", "acme-2"]);
  });

  it("C015: with no bootstrappers listeners alone open, use and close the tenant's connection", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy();
    tenancy.events.on("initialized", async ({ tenant }) => {
      await Promise.resolve();
      log.push(`open ${tenant.slug}`);
    });
    tenancy.events.on("ended", ({ tenant }) => void log.push(`close ${tenant.slug}`));

    await tenancy.run(acme, () => log.push(`use ${tenancy.currentOrFail().slug}`));

    expect(log).toEqual(["open acme", "use acme", "close acme"]);
  });

  it("C016: a listener of bootstrapping replaces the bootstrappers for this stay only", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("usual", log)] });
    const remove = tenancy.events.on("bootstrapping", (event) => {
      expect(event.bootstrappers.map(({ name }) => name)).toEqual(["usual"]);
      event.replaceBootstrappers([noting("other", log)]);
    });

    await tenancy.run(acme, () => {});
    remove();
    await tenancy.run(acme, () => {});

    expect(log).toEqual([
      "bootstrap other acme",
      "undo other acme",
      "bootstrap usual acme",
      "undo usual acme",
    ]);
  });

  it("C017: a listener of an -ing event of the life cycle refuses by returning false", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log)] });
    const remove = tenancy.events.on("initializing", ({ tenant }) =>
      tenant.id === acme.id ? false : undefined,
    );

    expect(() => tenancy.run(acme, () => log.push("callback"))).toThrow(VetoedError);
    await tenancy.run(globex, () => log.push("callback"));
    remove();

    expect(log).toEqual(["bootstrap 1 globex", "callback", "undo 1 globex"]);
  });

  it("C017: a veto of ending keeps the tenant of an open scope and cannot hold a sealed one", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log)] });
    const remove = tenancy.events.on("ending", () => false);

    await tenancy.run(acme, () => {});
    await tenancy.scope(async () => {
      await tenancy.initialize(globex);
      await expect(tenancy.end()).rejects.toThrow(VetoedError);
      await expect(tenancy.initialize(acme)).rejects.toThrow(VetoedError);
      expect(tenancy.current()).toBe(globex);
    });
    remove();

    expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme", "bootstrap 1 globex", "undo 1 globex"]);
  });

  it("C018: listeners run synchronously, in the order they were added, before the callback goes on", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy();
    tenancy.events.on("initialized", () => void log.push("first"));
    tenancy.events.on("initialized", () => void log.push("second"));

    const result = tenancy.run(acme, () => log.join(" "));

    expect(result).toBe("first second");
  });
});
