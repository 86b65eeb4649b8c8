import { describe, expect, it } from "vitest";
import { NoTenantContextError, type TenancyBootstrapper, type Tenant } from "../../src/index.ts";
import { acme, gate, globex, noting, ROWS, rowsBootstrapper, startTenancy } from "./support.ts";

describe("what upstream has no test for", () => {
  it("X01: interleaved scopes see themselves when the first one finishes first", async () => {
    const tenancy = await startTenancy({ bootstrappers: [rowsBootstrapper()] });
    const [a, b] = [gate(), gate()];
    const visit = (tenant: Tenant, until: Promise<void>) =>
      tenancy.run(tenant, async () => {
        tenancy.get(ROWS).set(1, `CANARY_${tenant.slug}_1`);
        await until;
        return [tenancy.current()?.slug, tenancy.get(ROWS).get(1)];
      });

    const first = visit(acme, a.opened);
    const second = visit(globex, b.opened);
    a.open();
    const firstSaw = await first;
    expect(tenancy.current()).toBeNull();
    b.open();

    expect(firstSaw).toEqual(["acme", "CANARY_acme_1"]);
    expect(await second).toEqual(["globex", "CANARY_globex_1"]);
  });

  it("X02: central, runForEach and run restore the outer context when the callback throws or rejects", async () => {
    const tenancy = await startTenancy();
    const fail = () => {
      throw new RangeError("callback");
    };

    await tenancy.run(acme, async () => {
      expect(() => tenancy.central(fail)).toThrow("callback");
      expect(tenancy.current()).toBe(acme);
      await expect(tenancy.central(async () => fail())).rejects.toThrow("callback");
      expect(tenancy.current()).toBe(acme);
      await expect(tenancy.runForEach([globex], fail)).rejects.toThrow("callback");
      expect(tenancy.current()).toBe(acme);
      expect(() => tenancy.run(globex, fail)).toThrow("callback");
      expect(tenancy.current()).toBe(acme);
    });
    expect(tenancy.current()).toBeNull();
  });

  it("X03: a failed initialize rolls back, a retry really retries, and a failing undo stops no other", async () => {
    const log: string[] = [];
    let broken = true;
    const flaky: TenancyBootstrapper = {
      name: "flaky",
      bootstrap() {
        log.push("try flaky");
        if (broken) throw new RangeError("not yet");
      },
    };
    const bootstrappers = [noting("1", log), noting("2", log, "undo"), noting("3", log), flaky];
    const tenancy = await startTenancy({ bootstrappers });

    await tenancy.scope(async () => {
      const failed = tenancy.initialize(acme);
      await expect(failed).rejects.toThrow(AggregateError);
      await expect(failed).rejects.toMatchObject({
        errors: [new RangeError("not yet"), new RangeError("2 cannot stop")],
      });
      expect(tenancy.current()).toBeNull();
      expect(log).toEqual([
        "bootstrap 1 acme",
        "bootstrap 2 acme",
        "bootstrap 3 acme",
        "try flaky",
        "undo 3 acme",
        "undo 2 acme",
        "undo 1 acme",
      ]);

      broken = false;
      log.length = 0;
      await tenancy.initialize(acme);
      expect(tenancy.current()).toBe(acme);
      expect(log).toContain("try flaky");
      await expect(tenancy.end()).rejects.toThrow(AggregateError);
      expect(log.slice(-3)).toEqual(["undo 3 acme", "undo 2 acme", "undo 1 acme"]);
      expect(tenancy.current()).toBeNull();
    });
  });

  it.each(["initializing", "bootstrapping"] as const)(
    "X04: a throwing listener of %s leaves no half-set tenant",
    async (event) => {
      const log: string[] = [];
      const tenancy = await startTenancy({ bootstrappers: [noting("1", log)] });
      tenancy.events.on(event, () => {
        throw new RangeError("listener");
      });

      expect(() => tenancy.run(acme, () => log.push("callback"))).toThrow("listener");
      await tenancy.scope(async () => {
        await expect(tenancy.initialize(acme)).rejects.toThrow("listener");
        expect(tenancy.current()).toBeNull();
      });

      expect(log).toEqual([]);
      expect(tenancy.current()).toBeNull();
    },
  );

  it("X05: run with the same id and a newer object agrees with current", async () => {
    const tenancy = await startTenancy();
    const newer: Tenant = { ...acme, version: 2, slug: "acme-2" };

    await tenancy.run(acme, () =>
      tenancy.run(newer, (given) => expect(tenancy.current()).toBe(given)),
    );
    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      await tenancy.run(newer, (given) => expect(tenancy.current()).toBe(given));
    });
  });

  it("X09: with no tenant in scope a scoped call throws", async () => {
    const tenancy = await startTenancy({ bootstrappers: [rowsBootstrapper()] });

    expect(() => tenancy.get(ROWS)).toThrow(NoTenantContextError);
    await tenancy.central(() => expect(() => tenancy.get(ROWS)).toThrow(NoTenantContextError));
    await tenancy.scope(() => expect(() => tenancy.get(ROWS)).toThrow(NoTenantContextError));
  });

  it("S002: pipelines run in order, undo in reverse, and unwind a partial failure", async () => {
    const log: string[] = [];
    const slow: TenancyBootstrapper = {
      name: "slow",
      async bootstrap({ tenant }) {
        await Promise.resolve();
        log.push(`bootstrap slow ${tenant.slug}`);
        return async () => {
          await Promise.resolve();
          log.push(`undo slow ${tenant.slug}`);
        };
      },
    };
    const whole = await startTenancy({ bootstrappers: [noting("1", log), slow, noting("3", log)] });
    const partial = await startTenancy({
      bootstrappers: [noting("1", log), slow, noting("3", log, "bootstrap")],
    });

    await whole.run(acme, () => log.push("callback"));
    await expect(partial.run(globex, async () => {})).rejects.toThrow("3 cannot start");

    expect(log).toEqual([
      "bootstrap 1 acme",
      "bootstrap slow acme",
      "bootstrap 3 acme",
      "callback",
      "undo 3 acme",
      "undo slow acme",
      "undo 1 acme",
      "bootstrap 1 globex",
      "bootstrap slow globex",
      "undo slow globex",
      "undo 1 globex",
    ]);
  });
});
