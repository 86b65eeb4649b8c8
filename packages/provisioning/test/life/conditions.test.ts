import { describe, expect, it } from "vitest";
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
    { ...maintenance, until: 5 },
    null,
  ])("cannot be %j", async (wrong) => {
    const { tenants, add } = await startLife();
    await add({ slug: "acme" });

    expect(await codeThrownBy(() => tenants.setMaintenance("acme", wrong as never))).toBe(
      "INVALID_INPUT",
    );
  });
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
