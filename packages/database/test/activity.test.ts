import { expect, it } from "vitest";
import { Activity } from "../src/connection/pool/activity.ts";
import { Borrower } from "../src/connection/pool/borrower.ts";
import { memoryDriver } from "./memory-driver.ts";

it("S018: divides among the tenants that asked lately, each counted once", () => {
  let time = 0;
  const activity = new Activity(() => time);
  const [acme, globex] = ["acme", "globex"].map(borrower);
  if (acme === undefined || globex === undefined) return expect.unreachable();

  const shares = [activity.fairShare(10)];
  for (const one of [acme, acme, globex]) activity.touch(one, time);
  shares.push(activity.fairShare(10));
  time += 500;
  for (const one of [acme, acme, globex]) activity.touch(one, time);
  shares.push(activity.fairShare(10));
  time += 500;
  activity.touch(globex, time);
  shares.push(activity.fairShare(10));
  time += 500;
  activity.touch(globex, time);
  shares.push(activity.fairShare(10));

  expect(shares).toEqual([10, 5, 5, 5, 10]);
});

it("S018: leaves out who asked longer ago, though nobody has asked since", () => {
  let time = 0;
  const activity = new Activity(() => time);
  const tenants = ["acme", "globex", "initech"].map(borrower);
  const shares: number[] = [];

  for (const count of [0, 1, 3]) {
    for (const one of tenants) activity.touch(one, time);
    time += 2_000;
    for (const one of tenants.slice(0, count)) activity.touch(one, time);
    shares.push(activity.fairShare(30));
  }

  expect(shares).toEqual([30, 30, 10]);
});

it("S018: leaves each tenant one connection, however many there are", () => {
  const activity = new Activity(() => 0);
  for (let number = 0; number < 20; number++) activity.touch(borrower(`tenant-${number}`), 0);

  expect(activity.fairShare(10)).toBe(1);
});

function borrower(tenantId: string): Borrower {
  const driver = memoryDriver();
  return new Borrower({ tenantId, placement: driver.place(tenantId, 1) }, driver.connections);
}
