import { type StatusMove, statusMoves, type TenantStatus, VetoedError } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { restlessRegistry } from "../support/restless-registry.ts";
import { codeThrownBy, thrownBy } from "../support/thrown-by.ts";
import { call, callNames } from "./calls.ts";
import { datesOf, startLife } from "./life.ts";

const statuses = Object.keys(statusMoves) as TenantStatus[];
const leadTo = (move: StatusMove, status: TenantStatus) =>
  statuses.some((from) => statusMoves[from][status] === move);

describe.each(callNames)("S030: %s", (name) => {
  it.each(statuses)("of a tenant that is %s does what the table says", async (status) => {
    const { tenants, add, read, acts } = await startLife();
    const acme = await add({ slug: "acme", status, ...datesOf(status) });
    const other = await add({ slug: "globex", status, ...datesOf(status) });
    const allowed = Object.entries(statusMoves[status]).filter(([, move]) => move === name);

    const error = await thrownBy(() => call(tenants, name, "acme"));
    const after = await read("acme");

    expect(await read("globex")).toEqual(other);
    if (allowed.length > 0) {
      expect(error).toBeUndefined();
      expect(allowed.map(([to]) => to)).toContain(after?.status);
      expect(after?.version).toBe(2);
      const { outbox, audit } = await acts();
      expect([outbox, audit]).toEqual([outbox, outbox]);
      expect(outbox).toHaveLength(1);
    } else {
      expect(after).toEqual(acme);
      expect(await acts()).toEqual({ outbox: [], audit: [] });
      const isThere = leadTo(name, status);
      expect(error).toEqual(
        isThere ? undefined : expect.objectContaining({ code: "ILLEGAL_MOVE" }),
      );
    }
  });

  it("once more changes nothing and tells nobody", async () => {
    const { tenants, add, acts, ...shared } = await startLife();
    const from = statuses.find((one) => Object.values(statusMoves[one]).includes(name));
    await add({ slug: "acme", status: from ?? "active", ...datesOf(from ?? "active") });
    const first = await call(tenants, name, "acme");
    const told = await acts();
    const { events } = await shared.join();
    events.on("statusChanging", () => false);

    expect(await call(tenants, name, "acme")).toEqual(first);
    expect(await acts()).toEqual(told);
  });
});

it("asks the listeners before and tells them after", async () => {
  const { join, add } = await startLife();
  const { tenants, events } = await join();
  await add({ slug: "acme", status: "inactive" });
  const told: unknown[] = [];
  events.on("statusChanging", ({ tenant, move, to }) => void told.push([tenant.status, move, to]));
  events.on(
    "statusChanged",
    ({ tenant, move, from }) => void told.push([from, move, tenant.status]),
  );

  await tenants.activate("acme");

  expect(told).toEqual([
    ["inactive", "activate", "active"],
    ["inactive", "activate", "active"],
  ]);
});

it("changes nothing where a listener refuses", async () => {
  const { join, add, read, acts } = await startLife();
  const { tenants, events } = await join();
  const acme = await add({ slug: "acme" });
  events.on("statusChanging", ({ move }) => (move === "block" ? false : undefined));

  expect(await thrownBy(() => tenants.block("acme"))).toBeInstanceOf(VetoedError);
  expect(await read("acme")).toEqual(acme);
  expect(await acts()).toEqual({ outbox: [], audit: [] });
  expect(await tenants.archive("acme")).toMatchObject({ status: "archived" });
});

it("asks the listeners once while others change something else, and again when the status changed", async () => {
  const { join, add, registry, tenants } = await startLife();
  let times = 3;
  const restless = await join({ registry: restlessRegistry(registry, () => times--) });
  await add({ slug: "acme" });
  const asked: string[] = [];
  let isMoved = false;
  restless.events.on("statusChanging", async ({ tenant: { status } }) => {
    asked.push(status);
    if (times <= 0 && !isMoved) await tenants.deactivate("acme");
    isMoved = times <= 0;
  });

  await restless.tenants.block("acme");
  expect(asked).toEqual(["active"]);

  await tenants.unblock("acme");
  await restless.tenants.block("acme");
  expect(asked).toEqual(["active", "active", "inactive"]);
});

it("says in the audit trail who did it, for which request and why", async () => {
  const { join, add, registry } = await startLife();
  const tenancy = await join();
  await add({ slug: "acme" });
  const origin = { actor: "ann", requestId: "r-1", reason: "support" };

  await tenancy.central(() => tenancy.tenants.suspend("acme"), origin);
  await tenancy.central(() => tenancy.tenants.resume("acme", { reason: "paid" }), origin);

  const entries = await registry.transaction(({ audit }) => audit.list({ tenantId: "acme" }));
  expect(entries).toMatchObject([
    {
      action: "tenant.resumed",
      actor: "ann",
      cause: { requestId: "r-1", reason: "paid" },
      details: { from: "suspended", to: "active", graceUntil: null },
    },
    {
      action: "tenant.suspended",
      actor: "ann",
      cause: { requestId: "r-1", reason: "support" },
      details: { from: "active", to: "suspended", graceUntil: null },
    },
  ]);
  expect(await registry.store.find({ by: "id", value: "acme" })).toMatchObject({
    updatedBy: "ann",
  });
});

it.each([
  ["suspend", { graceMs: -1 }],
  ["suspend", { graceMs: 1.5 }],
  ["delete", { graceMs: Number.POSITIVE_INFINITY }],
  ["delete", { grace: 5 }],
  ["block", { graceMs: 5 }],
  ["block", { reason: "" }],
  ["block", { reason: "a\nb" }],
  ["restore", null],
] as const)("refuses options of %s that it cannot read: %j", async (name, options) => {
  const { tenants, add, read } = await startLife();
  const acme = await add({ slug: "acme" });

  expect(await codeThrownBy(() => tenants[name]("acme", options as never))).toBe("INVALID_INPUT");
  expect(await read("acme")).toEqual(acme);
});

it("knows no tenant that is not there", async () => {
  const { tenants } = await startLife();

  for (const name of callNames) {
    expect(await codeThrownBy(() => call(tenants, name, "nobody"))).toBe("TENANT_NOT_FOUND");
  }
});
