import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createKeyRing, createTenancy, memoryDatabases } from "@af-tenancy/core";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { provisioning } from "../../src/index.ts";
import { codeThrownBy } from "../support/thrown-by.ts";
import { startLife } from "./life.ts";

const maintenance = { message: "Back at noon.", retryAfter: 600 };

describe("maintenance", () => {
  it("begins, changes and ends, each time once", async () => {
    const { tenants, add, acts } = await startLife();
    await add({ slug: "acme" });

    await tenants.setMaintenance("acme", maintenance);
    const begun = await tenants.setMaintenance("acme", { ...maintenance });
    const longer = await tenants.setMaintenance("acme", { ...maintenance, retryAfter: 900 });
    await tenants.setMaintenance("acme", undefined);
    const ended = await tenants.setMaintenance("acme", undefined);

    expect(begun).toMatchObject({ maintenance, version: 2, status: "active" });
    expect(longer).toMatchObject({ maintenance: { retryAfter: 900 }, version: 3 });
    expect([ended.maintenance, ended.version]).toEqual([undefined, 4]);
    expect((await acts()).audit).toEqual(Array.from({ length: 3 }, () => "tenant.maintenance-set"));
  });

  it.each([
    { message: "", retryAfter: 1 },
    { message: "  ", retryAfter: 1 },
    { message: "a", retryAfter: -1 },
    { message: "a", retryAfter: 0.5 },
    { message: "a" },
    { ...maintenance, until: 0 },
    { ...maintenance, from: 10, until: 10 },
    { ...maintenance, from: "now" },
    { ...maintenance, until: Number.NaN },
    { ...maintenance, allowed: [] },
    { ...maintenance, allowed: "127.0.0.1" },
    { ...maintenance, allowed: ["127.0.0.1", "127.0.0.0/33"] },
    { ...maintenance, secret: "only-nineteen-chars" },
    { ...maintenance, secret: "spaces are not allowed here" },
    { ...maintenance, bypass: "made elsewhere" },
    null,
  ])("cannot be %j", async (wrong) => {
    const { tenants, add } = await startLife();
    await add({ slug: "acme" });

    expect(await codeThrownBy(() => tenants.setMaintenance("acme", wrong as never))).toBe(
      "INVALID_INPUT",
    );
  });
});

it("C101: keeps a maintenance's window and addresses, and of its secret only what tells it", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "af-maintenance-")), "registry.sqlite");
  onTestFinished(() => rm(dirname(file), { recursive: true }));
  const secret = "correct-horse-battery-staple";
  const window = { from: 1_000, until: 2_000, allowed: ["127.0.0.1", "2001:db8::/32"] };
  const keys = createKeyRing({ current: randomBytes(32) });
  const registry = sqliteRegistry({ file });
  const parts = { registry, databases: memoryDatabases(), provisioning: provisioning() };
  const tenancy = createTenancy({ ...parts, keys });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const { id } = await tenancy.tenants.create({ slug: "acme" });

  await tenancy.tenants.setMaintenance(id, { ...maintenance, ...window, secret });
  const found = await tenancy.find(id);
  const again = await tenancy.tenants.setMaintenance(id, { ...maintenance, ...window, secret });
  const audit = await registry.transaction((one) => one.audit.list({ tenantId: id, limit: 1 }));

  expect(found?.maintenance).toMatchObject({ ...maintenance, ...window });
  expect(
    keys.verify("maintenance-bypass", `secret ${secret}`, again.maintenance?.bypass ?? ""),
  ).toBe(true);
  expect(again.version).toBe(found?.version);
  expect(audit[0]?.details).toEqual({ ...maintenance, ...window, bypass: true });
  expect(JSON.stringify([found, audit])).not.toContain(secret);
});

it("C101: takes no secret where there is no key ring", async () => {
  const { tenants, add } = await startLife();
  await add({ slug: "acme" });
  const secret = "correct-horse-battery-staple";

  const act = () => tenants.setMaintenance("acme", { ...maintenance, secret });

  expect(await codeThrownBy(act)).toBe("KEYS_REQUIRED");
});

describe("access", () => {
  it("is set once", async () => {
    const { tenants, add, acts } = await startLife();
    await add({ slug: "acme" });
    const other = await add({ slug: "globex" });

    expect(await tenants.setAccess("acme", "read-only")).toMatchObject({ access: "read-only" });
    expect(await tenants.setAccess("acme", "read-only")).toMatchObject({ version: 2 });
    expect(await tenants.setAccess("globex", "read-write")).toEqual(other);
    expect(await acts()).toMatchObject({ outbox: ["tenant.access-set"] });
  });

  it.each(["open", "", undefined])("cannot be %j", async (access) => {
    const { tenants, add } = await startLife();
    await add({ slug: "acme" });

    expect(await codeThrownBy(() => tenants.setAccess("acme", access as never))).toBe(
      "INVALID_INPUT",
    );
  });
});

it.each(["deleted", "deleting"] as const)(
  "a %s tenant has no conditions to set",
  async (status) => {
    const { tenants, add } = await startLife();
    await add({ slug: "acme", status });

    for (const set of [
      () => tenants.setAccess("acme", "closed"),
      () => tenants.setExpiry("acme", 5),
      () => tenants.setMaintenance("acme", maintenance),
    ]) {
      expect(await codeThrownBy(set)).toBe("TENANT_NOT_FOUND");
    }
  },
);

it("tells the listeners once the change is committed", async () => {
  const { add, join } = await startLife();
  const { tenants, events } = await join();
  await add({ slug: "acme" });
  const told: unknown[] = [];
  events.on("conditionsChanged", ({ tenant }) => void told.push([tenant.access, tenant.version]));

  await tenants.setAccess("acme", "closed");
  await tenants.setAccess("acme", "closed");

  expect(told).toEqual([["closed", 2]]);
});

it("are set by several at once without losing any", async () => {
  const shared = await startLife();
  await shared.add({ slug: "acme" });
  const [one, other, third] = await Promise.all([shared.join(), shared.join(), shared.join()]);

  await Promise.all([
    one?.tenants.setAccess("acme", "read-only"),
    other?.tenants.setExpiry("acme", 5),
    third?.tenants.suspend("acme"),
  ]);

  expect(await shared.read("acme")).toMatchObject({
    ...{ access: "read-only", expiresAt: 5, status: "suspended", version: 4 },
  });
});
