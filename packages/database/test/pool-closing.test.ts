import { manualClock } from "@af-tenancy/core";
import { expect, it, vi } from "vitest";
import { startPool } from "./start-pool.ts";

it("C021: closes all of them, also those in use once they are given back", async () => {
  const { pool, open, lease, use } = startPool({ connections: 5 });
  const held = await lease("acme");
  await use("globex");

  const closing = pool.close(60_000);
  await held.release();
  await closing;

  expect(pool.size).toBe(0);
  expect(open).toEqual([]);
});

it("closes those that are not given back when the grace is over", async () => {
  const { pool, lease } = startPool({ connections: 5 });
  const held = await lease("acme");

  await pool.close(10);

  expect(pool.size).toBe(0);
  await held.release();
  expect(pool.size).toBe(0);
});

it("waits for those in use until the grace is over, and no longer", async () => {
  const clock = manualClock();
  const { pool, closed, lease } = startPool({ connections: 5, clock });
  await lease("acme");

  const closing = pool.close(1_000);
  await clock.advance(999);
  expect(closed).toEqual([]);
  await clock.advance(1);
  await closing;

  expect(closed).toEqual(["acme"]);
});

it("waits until those that are given back meanwhile are closed", async () => {
  const leaving = Promise.withResolvers<void>();
  const clock = manualClock();
  const { pool, closed, lease } = startPool({
    ...{ connections: 5, clock },
    closing: () => leaving.promise,
  });
  const held = await lease("acme");

  const closing = pool.close(1_000).then(() => [...closed]);
  await clock.advance(1);
  await held.release();
  await clock.advance(1);
  expect(pool.statistics().leased).toBe(0);
  leaving.resolve();

  expect(await closing).toEqual(["acme"]);
});

it("reports also what was in use and could not be closed, and keeps its place", async () => {
  const { pool, lease } = startPool({ connections: 5 });
  const held = await lease("acme");
  const stuck = new RangeError("stuck");
  vi.spyOn(held.driver, "destroy").mockRejectedValueOnce(stuck);

  await expect(pool.close(0)).rejects.toMatchObject({ errors: [stuck] });

  expect(pool.size).toBe(1);
});

it("closes what was still being opened", async () => {
  let open = () => {};
  const { pool, opened, lease } = startPool({
    connections: 5,
    opening: () => new Promise<void>((resolve) => (open = resolve)),
  });
  const leasing = expect(lease("acme")).rejects.toMatchObject({ code: "TENANCY_CLOSED" });

  const closing = pool.close(1_000);
  open();
  await Promise.all([closing, leasing]);

  await vi.waitFor(() => expect(pool.size).toBe(0));
  expect(opened).toEqual(["acme"]);
});

it("reports what could not be closed, keeps its place, and closes it the next time", async () => {
  const { pool, lease } = startPool({ connections: 5 });
  const held = await lease("acme");
  const destroy = vi.spyOn(held.driver, "destroy").mockRejectedValueOnce(new RangeError("stuck"));
  await held.release();

  await expect(pool.close(0)).rejects.toThrow(AggregateError);
  expect(pool.size).toBe(1);
  for (let time = 0; time < 2; time++) await pool.close(0);

  expect(destroy).toHaveBeenCalledTimes(2);
  expect(pool.size).toBe(0);
});

it("tries by itself again to close what could not be closed", async () => {
  const { pool, lease } = startPool({ connections: 1 });
  const held = await lease("acme");
  vi.spyOn(held.driver, "destroy").mockRejectedValueOnce(new RangeError("stuck"));

  await expect(held.destroy()).rejects.toThrow("stuck");
  expect(pool.size).toBe(1);

  await vi.waitFor(() => expect(pool.size).toBe(0));
});

it("tries by itself again to close what has to make room for another tenant", async () => {
  const { pool, lease, use } = startPool({ connections: 1, maxWait: 2_000 });
  const first = await lease("acme");
  vi.spyOn(first.driver, "destroy").mockRejectedValueOnce(new RangeError("stuck"));
  await first.release();

  await use("globex");

  expect(pool.size).toBe(1);
});

it("F076: counts a connection until it is closed, and has nobody else wait for that", async () => {
  const { most, lease, use } = startPool({
    connections: 3,
    maxWait: 2_000,
    closing: (tenantId) => (tenantId === "slow" ? sleep(400) : undefined),
  });
  await use("slow");
  for (const name of ["acme", "globex"]) await use(name);
  const steps: string[] = [];

  const cold = lease("initech").then(async (one) => {
    steps.push("initech");
    await one.release();
  });
  for (let round = 0; round < 20; round++) await use("acme");
  steps.push("acme");
  await cold;

  expect(steps).toEqual(["acme", "initech"]);
  expect(most.open).toBe(3);
});

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

it("lends nothing to those who waited when it was closed, nor to those who come later", async () => {
  const { pool, open, lease } = startPool({ connections: 1 });
  const held = await lease("acme");
  const waiting = expect(lease("globex")).rejects.toMatchObject({ code: "TENANCY_CLOSED" });

  const closing = pool.close(60_000);
  await waiting;
  const late = expect(lease("acme")).rejects.toMatchObject({ code: "TENANCY_CLOSED" });
  await held.release();
  await closing;
  await late;
  await expect(lease("acme")).rejects.toMatchObject({ code: "TENANCY_CLOSED" });

  expect(open).toEqual([]);
});
