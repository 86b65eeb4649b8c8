import { expect, it } from "vitest";
import { Borrower } from "../src/connection/pool/borrower.ts";
import { leaseTerms, PoolLease } from "../src/connection/pool/pool-lease.ts";
import { PooledConnection } from "../src/connection/pool/pooled-connection.ts";
import { memoryDriver, openInMemory } from "./memory-driver.ts";

it("is given back once, whoever ends it and however often", async () => {
  const { lease, returned } = await make();

  await lease.release();
  await lease.release();
  await lease.destroy();
  await lease.end("leaked");

  expect(returned).toEqual([lease]);
});

it("is closed as what ended it first says", async () => {
  const { lease, returned } = await make();

  await lease.end("leaked");
  await lease.destroy();

  expect(returned).toEqual([lease]);
  expect(lease.pooled.retired).toBe("leaked");
});

it("is not made clean again for somebody else's connection once it is over", async () => {
  const { lease, cleaned } = await make();
  await lease.release();

  await lease.release();

  expect(cleaned()).toBe(1);
});

it("tells once that it was taken, also whoever asks when it is over", async () => {
  const { lease } = await make();
  const told: string[] = [];
  lease.onTaken(() => told.push("in time"));

  await lease.end("dropped");
  lease.onTaken(() => told.push("late"));

  expect(told).toEqual(["in time", "late"]);
});

it("tells that it was taken also when its connection cannot be closed", async () => {
  const { lease } = await make(() => Promise.reject(new RangeError("stuck")));
  let isTaken = false;
  lease.onTaken(() => {
    isTaken = true;
  });

  await expect(lease.end("dropped")).rejects.toThrow("stuck");

  expect(isTaken).toBe(true);
});

it("ends without a word when its connection can neither be made clean nor closed", async () => {
  const { lease, returned } = await make(
    () => Promise.reject(new RangeError("stuck")),
    () => Promise.reject(new RangeError("dirty")),
  );

  await lease.release();

  expect(returned).toEqual([lease]);
  expect(lease.pooled.retired).toBe("unclean");
});

it("waits for nothing where its driver says that nothing is left on the connection", async () => {
  const { lease, pooled, returned, cleaned } = await make();
  Object.defineProperty(pooled.driver, "isClean", { value: true });

  expect(lease.release()).toBeUndefined();

  expect([returned, cleaned()]).toEqual([[lease], 0]);
});

/** A lease of a database in memory, given back to a list. */
async function make(
  close: () => Promise<void> | undefined = () => undefined,
  clean: () => Promise<void> = async () => {},
) {
  const driver = memoryDriver();
  const database = { tenantId: "acme", placement: driver.place("acme", 1) };
  const opened = await openInMemory();
  let cleaned = 0;
  opened.releaseConnection = () => {
    cleaned += 1;
    return clean();
  };
  const borrower = new Borrower(database, driver.connections);
  const connection = await opened.acquireConnection();
  const pooled = new PooledConnection(borrower, opened, connection, 0, 0);
  const returned: PoolLease[] = [];
  const lease = new PoolLease(leaseTerms(borrower, {}, 0), pooled, (one) => {
    returned.push(one);
    return close();
  });
  return { lease, pooled, returned, cleaned: () => cleaned };
}
