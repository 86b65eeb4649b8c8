import { isTransient, TenancyClosedError, TransactionTimeoutError } from "@af-tenancy/core";
import {
  DatabaseRefusedError,
  DatabaseUnavailableError,
  PoolExhaustedError,
} from "@af-tenancy/database";
import { describe, expect, it, onTestFinished } from "vitest";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { thrownBy } from "./support/thrown-by.ts";
import { watchedDatabases } from "./support/watched-databases.ts";

const lost = new DatabaseUnavailableError("acme", { cause: "ECONNRESET", transient: true });
const refused = new DatabaseRefusedError("acme", "the login", "correct it");
const broken = new DatabaseUnavailableError("acme", { cause: "the disk is full" });

/** A tenancy whose step "database" fails so often, and the times at which it was tried. */
async function failing(error: unknown, times: number, options = {}) {
  const { clock, registry, databases, join } = installation();
  const tried: number[] = [];
  const tenancy = await join({
    ...options,
    databases: watchedDatabases(databases, {
      before(call) {
        if (call !== "create") return;
        tried.push(clock.monotonic());
        if (tried.length <= times) throw error;
      },
    }),
  });
  onTestFinished(() => tenancy.close());
  return { clock, registry, tenants: tenancy.tenants, tried, tenancy };
}

/** Moves time until a call is over. */
async function until<R>(call: Promise<R>, clock: { advance(ms: number): Promise<void> }) {
  let over = false;
  const end = call
    .catch(() => undefined)
    .then(() => {
      over = true;
    });
  while (!over) await clock.advance(10);
  await end;
  return call;
}

describe("a step", () => {
  it.each([lost, new PoolExhaustedError("acme", 1_000), new TransactionTimeoutError(4_000)])(
    "that fails by what passes is tried again, after pauses that grow: $code",
    async (error) => {
      const { clock, tenants, tried } = await failing(error, 6);

      const acme = await until(tenants.create({ slug: "acme" }), clock);

      expect(acme).toMatchObject({ status: "active", placement: { generation: 1 } });
      const pauses = tried.slice(1).map((time, index) => time - (tried[index] ?? 0));
      expect(pauses).toHaveLength(6);
      // 50 milliseconds at first, each pause twice the one before, and of each no more than its half left to chance.
      for (const [index, pause] of pauses.entries()) {
        expect(pause).toBeGreaterThanOrEqual(25 * 2 ** index);
        expect(pause).toBeLessThanOrEqual(50 * 2 ** index + 20);
      }
    },
  );

  it("waits two seconds at most between two attempts", async () => {
    const { clock, tenants, tried } = await failing(lost, 12, {
      retryMs: 60_000,
      leaseMs: 100_000,
    });

    await until(tenants.create({ slug: "acme" }), clock);

    const pauses = tried.slice(1).map((time, index) => time - (tried[index] ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(2_020);
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(1_000);
  });

  it.each([refused, broken, new RangeError("ECONNRESET")])(
    "that fails by anything else stops at once: %s",
    async (error) => {
      const { tenants, tried, registry } = await failing(error, 1);

      const thrown = await thrownBy(() => tenants.create({ slug: "acme" }));

      expect(thrown).toMatchObject({ code: "PROVISIONING_FAILED", step: "database", cause: error });
      expect(tried).toHaveLength(1);
      expect((await journalOf(registry)).tenants).toMatchObject([{ status: "failed" }]);
    },
  );

  it("is given up after retryMs, and repair continues it", async () => {
    const { clock, tenants, tried } = await failing(lost, 100, { retryMs: 1_000 });

    const creating = tenants.create({ slug: "acme" });

    await expect(until(creating, clock)).rejects.toMatchObject({ step: "database", cause: lost });
    const [first = 0] = tried;
    expect((tried.at(-1) ?? 0) - first).toBeLessThanOrEqual(1_020);
    expect((tried.at(-1) ?? 0) - first).toBeGreaterThanOrEqual(1_000);
  });

  it("is tried once where retryMs is 0", async () => {
    const { tenants, tried } = await failing(lost, 1, { retryMs: 0 });

    const thrown = await thrownBy(() => tenants.create({ slug: "acme" }));

    expect(thrown).toMatchObject({ code: "PROVISIONING_FAILED", cause: lost });
    expect(tried).toHaveLength(1);
  });

  it("that waits for its next attempt is left where the process shuts down", async () => {
    const { clock, tenants, tried, tenancy, registry } = await failing(lost, 1, {
      retryMs: 60_000,
    });
    const creating = tenants.create({ slug: "acme" });
    const thrown = creating.catch((error: unknown) => error);
    while (tried.length === 0) await clock.advance(0);
    await clock.advance(0);

    await tenancy.close();

    expect(await thrown).toMatchObject({ cause: expect.any(TenancyClosedError) });
    await clock.advance(60_000);
    expect(tried).toHaveLength(1);
    expect((await journalOf(registry)).unfinished).toMatchObject([{ state: "running" }]);
  });
});

it("what passes by itself is what an error says of itself, and nothing else does", () => {
  expect(
    [lost, refused, broken, new RangeError("x"), undefined, { transient: true }].map(isTransient),
  ).toEqual([true, false, false, false, false, false]);
});
