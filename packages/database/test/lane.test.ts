import { expect, it } from "vitest";
import { Borrower } from "../src/connection/pool/borrower.ts";
import { Lane, type Waiter } from "../src/connection/pool/lane.ts";
import { memoryDriver } from "./memory-driver.ts";

it("remembers no tenant of which nobody waits any more", () => {
  const lane = new Lane();
  const waiters = ["acme", "globex"].map(waiterOf);
  for (const waiter of waiters) lane.add(waiter);

  for (const waiter of waiters) lane.remove(waiter);

  expect(lane.size).toBe(0);
  expect(lane.next(10)).toEqual([]);
});

function waiterOf(tenantId: string): Waiter {
  const driver = memoryDriver();
  const database = { tenantId, placement: driver.place(tenantId, 1) };
  const borrower = new Borrower(database, driver.connections);
  return {
    terms: { borrower, bulk: false, since: 0, stack: undefined },
    ...{ depth: 0, due: 0, resolve() {}, reject() {} },
  };
}
