import { expect, it } from "vitest";
import {
  createTenancy,
  DomainTakenError,
  manualClock,
  memoryRegistry,
  type RegistryTransaction,
  TenantNotFoundError,
  TransactionEndedError,
  TransactionTimeoutError,
} from "../../src/index.ts";
import { tenantRecord } from "./tenant-record.ts";

it("gives up a transaction inside another one instead of hanging", async () => {
  const registry = memoryRegistry({ maxWait: 20 });

  const outer = registry.transaction(async () => {
    await registry.transaction(async () => "never");
  });

  await expect(outer).rejects.toThrow(TransactionTimeoutError);
  expect(await registry.transaction(async () => "again")).toBe("again");
});

it("keeps the order of those that wait when one of them gave up", async () => {
  const clock = manualClock();
  const registry = memoryRegistry({ clock, maxWait: 100 });
  const entered: string[] = [];
  const enter = (name: string, milliseconds: number) =>
    registry.transaction(async () => {
      entered.push(name);
      await clock.sleep(milliseconds);
    });

  const first = enter("first", 150);
  const impatient = enter("impatient", 0).catch((error: unknown) => error);
  await clock.advance(80);
  const third = enter("third", 10);
  const fourth = enter("fourth", 10);
  await clock.advance(200);

  expect(await impatient).toBeInstanceOf(TransactionTimeoutError);
  await Promise.all([first, third, fourth]);
  expect(entered).toEqual(["first", "third", "fourth"]);
});

it("leaves no timer behind for a transaction that had to wait", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;
  const before = timers();
  const registry = memoryRegistry();

  await Promise.all([1, 2, 3].map(() => registry.transaction(async () => undefined)));

  expect(timers()).toBe(before);
});

it("refuses a write that was not awaited and comes after the end", async () => {
  const registry = memoryRegistry();
  let leaked: RegistryTransaction | undefined;
  await registry.transaction(async (transaction) => {
    leaked = transaction;
  });

  const late = leaked?.tenants.insert(tenantRecord("late"), []);

  await expect(late).rejects.toThrow(TransactionEndedError);
  await expect(leaked?.outbox.cursor("any")).rejects.toThrow(TransactionEndedError);
  expect(registry.store.find({ by: "slug", value: "late" })).toBeUndefined();
});

it("answers look-ups at once, with records that nobody can change", async () => {
  const registry = memoryRegistry();
  await registry.transaction(({ tenants }) =>
    tenants.insert(tenantRecord("acme", { metadata: { limits: { seats: 1 } } }), []),
  );

  const found = registry.store.find({ by: "slug", value: "acme" });

  expect(found).toMatchObject({ slug: "acme" });
  expect(Object.isFrozen(found)).toBe(true);
  expect(found && "metadata" in found && Object.isFrozen(found.metadata.limits)).toBe(true);
});

it("refuses domains for a tenant that is not there, and the same domain twice", async () => {
  const registry = memoryRegistry();
  const domain = { name: "acme.example.com", primary: true, verifiedAt: 0 };

  await expect(
    registry.transaction(({ tenants }) => tenants.setDomains("nobody", [domain])),
  ).rejects.toThrow(TenantNotFoundError);
  await expect(
    registry.transaction(({ tenants }) => tenants.insert(tenantRecord("acme"), [domain, domain])),
  ).rejects.toThrow(DomainTakenError);
});

it("follows a domain that was verified at the beginning of time", async () => {
  const registry = memoryRegistry();
  const domain = { name: "acme.example.com", primary: true, verifiedAt: 0 };
  await registry.transaction(({ tenants }) => tenants.insert(tenantRecord("acme"), [domain]));

  expect(registry.store.find({ by: "domain", value: domain.name })).toBeDefined();
});

it("tells the time of the tenancy that it is part of", async () => {
  const registry = memoryRegistry();
  createTenancy({ registry, clock: manualClock(42) });
  await registry.transaction(({ tenants }) => tenants.insert(tenantRecord("acme"), []));

  const updated = await registry.transaction(({ tenants }) =>
    tenants.update("tenant-acme", 1, { name: "Acme" }),
  );

  expect(updated.updatedAt).toBe(42);
});

it("belongs to one tenancy", () => {
  const registry = memoryRegistry();
  createTenancy({ registry });

  expect(() => createTenancy({ registry })).toThrow('Option "registry" is part of another tenancy');
});
