import { DatabaseNotReadyError, manualClock } from "@af-tenancy/core";
import { PoolExhaustedError } from "@af-tenancy/database";
import { expect, it, vi } from "vitest";
import { startPool } from "./start-pool.ts";

it("keeps connections that others share while one tenant gets no lease", async () => {
  const shared = { key: () => "shared", enter: <D>(driver: D) => driver } as const;
  const { pool, borrower, use, opened, closed } = startPool({ connections: 2, ...shared });
  await use("acme");

  await pool.whileHeld(borrower("acme"), () => use("globex"));

  expect(closed).toEqual([]);
  expect(opened).toEqual(["acme"]);
});

it("F079: tries a database again at once when something was done to it", async () => {
  let broken = true;
  const { pool, borrower, use } = startPool({
    connections: 2,
    opening() {
      if (broken) throw new TypeError("It is broken.");
    },
  });
  for (let attempt = 0; attempt < 6; attempt++) {
    await expect(use("acme")).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  }
  broken = false;
  await expect(use("acme")).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });

  await pool.whileHeld(borrower("acme"), () => undefined);

  await use("acme");
  expect(pool.statistics().failing).toEqual([]);
});

it("F085: keeps connections that others share when one tenant has moved", async () => {
  const shared = { key: () => "shared", enter: <D>(driver: D) => driver } as const;
  const { pool, borrower, use, closed, opened } = startPool({ connections: 2, ...shared });
  await use("acme");

  await pool.supersede(borrower("acme"));
  await use("globex");

  expect(closed).toEqual([]);
  expect(opened).toEqual(["acme"]);
});

it("F085: ends the wait of a tenant that has moved, and lends it nothing any more", async () => {
  const { pool, borrower, lease } = startPool({ connections: 2, perTenant: 1 });
  const used = await lease("acme");
  const waiting = expect(lease("acme")).rejects.toThrow(DatabaseNotReadyError);

  await pool.supersede(borrower("acme"));

  await waiting;
  await used.release();
  await expect(lease("acme")).rejects.toThrow(PoolExhaustedError);
});

it("F085: closes what a tenant that has moved has open, and nobody else's", async () => {
  const { pool, borrower, closed, lease, use } = startPool({ connections: 5 });
  for (const one of [await lease("acme"), await lease("acme")]) await one.release();
  await use("globex");

  await pool.supersede(borrower("acme"));

  expect(closed).toEqual(["acme", "acme"]);
});

it("F085: closes what is being opened for a tenant that has moved", async () => {
  const opening = Promise.withResolvers<void>();
  const { pool, borrower, closed, lease } = startPool({
    connections: 5,
    opening: () => opening.promise,
  });
  const waiting = expect(lease("acme")).rejects.toThrow(DatabaseNotReadyError);

  const moving = pool.supersede(borrower("acme"));
  opening.resolve();
  await moving;

  await waiting;
  expect(closed).toEqual(["acme"]);
});

it("F085: leaves to others what they use when one tenant has moved", async () => {
  const { pool, borrower, opened, lease, use } = startPool({ connections: 3 });
  const used = await lease("globex");

  await pool.supersede(borrower("acme"));
  await used.release();
  await use("globex");

  expect(opened).toEqual(["globex"]);
});

it("F085: closes what a tenant that has moved still uses once it is given back", async () => {
  const { pool, borrower, lease, closed } = startPool({ connections: 2 });
  const used = await lease("acme");

  await pool.supersede(borrower("acme"));
  expect(closed).toEqual([]);
  await used.release();

  await vi.waitFor(() => expect(closed).toEqual(["acme"]));
});

it("F060: cuts off who does not give back in time where a tenant's database is dropped", async () => {
  const { pool, borrower, lease, closed } = startPool({ connections: 3, maxWait: 20 });
  const [stuck, other] = [await lease("acme"), await lease("globex")];
  const taken: string[] = [];
  stuck.onTaken?.(() => taken.push("acme"));
  other.onTaken?.(() => taken.push("globex"));

  const during = await pool.whileHeld(borrower("acme"), () => [...closed], "cut-off");

  expect(during).toEqual(["acme"]);
  expect(taken).toEqual(["acme"]);
  await other.release();
});

it("F060: goes on with a tenant's database that is dropped though a connection cannot be closed", async () => {
  const { pool, borrower, lease } = startPool({ connections: 3, maxWait: 20 });
  const stuck = await lease("acme");
  vi.spyOn(stuck.driver, "destroy").mockRejectedValueOnce(new RangeError("stuck"));

  const done = await pool.whileHeld(borrower("acme"), () => "done", "cut-off");

  expect(done).toBe("done");
});

it("leaves a tenant its leases where they are not cut off, and tells that they were not given back", async () => {
  const clock = manualClock();
  const { pool, borrower, lease, closed } = startPool({ connections: 3, maxWait: 20, clock });
  const used = await lease("acme");
  const work = vi.fn();

  const holding = expect(pool.whileHeld(borrower("acme"), work)).rejects.toThrow(
    PoolExhaustedError,
  );
  await clock.advance(20);
  await holding;

  expect([work.mock.calls, closed]).toEqual([[], []]);
  await used.release();
});

it("waits for every lease of a tenant, and not until the time is over", async () => {
  const clock = manualClock();
  const { pool, borrower, lease } = startPool({ connections: 3, maxWait: 1_000, clock });
  const used = [await lease("acme"), await lease("acme")];
  const steps: string[] = [];

  const holding = pool.whileHeld(borrower("acme"), () => steps.push("held"));
  for (const one of used) {
    await clock.advance(1);
    steps.push("released");
    await one.release();
  }
  await holding;

  expect(steps).toEqual(["released", "released", "held"]);
});

it("waits for the leases of several tenants at once", async () => {
  const clock = manualClock();
  const { pool, borrower, lease } = startPool({ connections: 3, maxWait: 1_000, clock });
  const names = ["acme", "globex"];
  const used = [await lease("acme"), await lease("globex")];

  const holding = names.map((name) => pool.whileHeld(borrower(name), () => name));
  await clock.advance(1);
  for (const one of used) await one.release();

  expect(await Promise.all(holding)).toEqual(names);
});
