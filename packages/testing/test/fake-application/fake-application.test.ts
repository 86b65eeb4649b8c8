import { DatabaseOwnedError, ProvisioningError, type TenantRecord } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { tenancyRequest } from "../../src/index.ts";
import { type AdminRequest, adminRoute } from "./admin-route.ts";
import { backupOperation } from "./backup-operation.ts";
import { fakeApplication } from "./fake-application.ts";

async function twoTenants() {
  const application = await fakeApplication();
  const { tenants } = application.tenancy;
  const ask = (request: AdminRequest) => adminRoute(tenants, request);
  const acme = await tenants.create({ slug: "acme", domains: ["notes.acme.test"] });
  const globex = await tenants.create({ slug: "globex", placement: { driver: "shelf" } });
  return { ...application, ask, acme, globex };
}

it("C020 C027: keeps tenants of two drivers apart", async () => {
  const { tenancy, notes, acme, globex } = await twoTenants();

  await tenancy.run(acme, () => notes().write("1", "CANARY_acme"));
  await tenancy.run(globex, () => notes().write("1", "CANARY_globex"));

  expect([acme.placement?.driver, globex.placement?.driver]).toEqual(["cabinet", "shelf"]);
  expect(await tenancy.run(acme, () => notes().read("1"))).toBe("CANARY_acme");
  expect(await tenancy.run(globex, () => notes().read("1"))).toBe("CANARY_globex");
});

it("takes a request to its tenant by trusted header, then by host", async () => {
  const { tenancy } = await twoTenants();
  const answer = (request: ReturnType<typeof tenancyRequest>) =>
    tenancy.handle({
      request,
      mode: "universal",
      next: async () => tenancy.current()?.slug ?? "central",
      onClosed: (listener) => listener(false),
    });
  const headers = [["X-Tenant", "globex"]] as const;

  expect(await answer(tenancyRequest({ host: "acme.example.com" }))).toBe("acme");
  expect(await answer(tenancyRequest({ host: "notes.acme.test", headers }))).toBe("acme");
  expect(
    await answer(tenancyRequest({ host: "acme.example.com", headers, remoteAddress: "10.0.0.1" })),
  ).toBe("globex");
  expect(await answer(tenancyRequest({ host: "example.com" }))).toBe("central");
});

it("enters a tenant through the Redis layer", async () => {
  const { tenancy, redis } = await twoTenants();

  await tenancy.run({ by: "slug", value: "acme" }, () => undefined);
  const { hits } = redis;
  await tenancy.run({ by: "slug", value: "acme" }, () => undefined);

  expect(redis.hits).toBeGreaterThan(hits);
});

it("backs up a tenant in two steps and tells the outbox", async () => {
  const { tenancy, registry, notes, vault, acme } = await twoTenants();
  await tenancy.run(acme, () => notes().write("1", "CANARY_acme"));

  const operation = await tenancy.tenants.run("backup", acme.id, {});

  expect(operation).toMatchObject({ state: "done", done: ["copy", "note"], attempt: 1 });
  expect(vault.get(operation.id)).toBe('{"1":"CANARY_acme"}');
  expect(await registry.store.find({ by: "id", value: acme.id })).toMatchObject({
    metadata: { lastBackup: operation.id },
  });
  const changes = await registry.transaction(({ outbox }) => outbox.readAfter(0, 10));
  expect(changes.map(({ type }) => type)).toEqual([
    "tenant.created",
    "tenant.created",
    "tenant.backed-up",
  ]);
});

it("F051: may run each step of a backup again after a crash", async () => {
  const { tenancy, registry, databases, vault, acme } = await twoTenants();
  const operation = await tenancy.tenants.run("backup", acme.id, {});
  const readNotes = async () => ({ late: "written after the first copy" });
  const { signal } = new AbortController();

  for (const { run } of backupOperation({ vault, readNotes }).steps) {
    await run({ tenant: acme, operation, registry, databases, signal });
  }

  expect(vault.get(operation.id)).toBe("{}");
  const changes = await registry.transaction(({ outbox }) => outbox.readAfter(0, 10));
  expect(changes.filter(({ type }) => type === "tenant.backed-up")).toHaveLength(1);
});

it("F052: stops at a failing step and finishes it by repair, once", async () => {
  const { tenancy, registry, vault, acme } = await twoTenants();
  const set = vault.set.bind(vault);
  vault.set = () => {
    throw new DOMException("no space");
  };

  const stopped = tenancy.tenants.run("backup", acme.id, {});
  await expect(stopped).rejects.toThrow(ProvisioningError);
  const again = await tenancy.tenants.run("backup", acme.id, {}).catch((error) => error.code);
  vault.set = set;
  const report = await tenancy.tenants.repair();

  expect(again).toBe("OPERATION_IN_FLIGHT");
  expect(report.finished).toMatchObject([{ kind: "backup", state: "done", attempt: 2 }]);
  expect(vault.size).toBe(1);
  expect(await registry.transaction(({ operations }) => operations.unfinished())).toEqual([]);
});

it("answers admin requests, and errors by code without their insides", async () => {
  const { ask, acme } = await twoTenants();

  const made = await ask({ method: "POST", path: "/tenants", body: { slug: "initech" } });
  const renamed = await ask({
    method: "PATCH",
    path: `/tenants/${acme.id}`,
    body: { name: "Acme Inc." },
  });
  const saved = await ask({ method: "POST", path: `/tenants/${acme.id}/backup` });
  const taken = await ask({ method: "POST", path: "/tenants", body: { slug: "acme" } });
  const absent = await ask({ method: "PATCH", path: "/tenants/nobody", body: { name: "X" } });
  const unknown = await ask({ method: "POST", path: `/tenants/${acme.id}/explode` });

  expect(made).toMatchObject({ status: 201, body: { slug: "initech", status: "active" } });
  expect(renamed).toMatchObject({ status: 200, body: { name: "Acme Inc.", version: 3 } });
  expect(saved).toMatchObject({ status: 200, body: { kind: "backup", state: "done" } });
  expect(taken).toEqual({
    status: 409,
    body: {
      error: { code: "SLUG_TAKEN", message: "This is in conflict with what is already there." },
    },
  });
  expect(absent).toMatchObject({ status: 404, body: { error: { code: "TENANT_NOT_FOUND" } } });
  expect(unknown).toMatchObject({ status: 422, body: { error: { code: "UNKNOWN_OPERATION" } } });
});

it("makes one tenant of a repeated request with one idempotency key", async () => {
  const { tenancy } = await twoTenants();
  const input = { slug: "initech", idempotencyKey: "key-1" };

  const first = await tenancy.tenants.create(input);
  const second = await tenancy.tenants.create(input);

  expect(second).toEqual(first);
});

it("C017: lets a listener refuse a new tenant", async () => {
  const { tenancy, ask } = await twoTenants();
  tenancy.events.on("tenantCreating", ({ input }) => input.slug !== "evil" && undefined);

  const refused = await ask({ method: "POST", path: "/tenants", body: { slug: "evil" } });

  expect(refused).toMatchObject({ status: 403, body: { error: { code: "VETOED" } } });
  expect(await tenancy.find({ by: "slug", value: "evil" })).toBeUndefined();
});

it("F058: lets nobody into the database of another tenant", async () => {
  const { tenancy, notes, acme, globex } = await twoTenants();

  for (const [thief, victim] of [
    [globex, acme],
    [acme, globex],
  ] as const) {
    const impostor: TenantRecord = { ...thief, placement: victim.placement };
    const reading = async () => tenancy.run(impostor, () => notes().read("1"));
    await expect(reading()).rejects.toThrow(DatabaseOwnedError);
  }
});
