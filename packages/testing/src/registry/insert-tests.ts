import { expect, it } from "vitest";
import { tenantDomain } from "../fixtures/tenant-domain.ts";
import { acme, globex, tenantRecord } from "../fixtures/tenant-record.ts";
import { rejectionCode } from "../suite/code-of.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

/** Checks how a registry takes new tenants. */
export function insertTests(make: MakeRegistry): void {
  it("gives back every field as it was written", async () => {
    const registry = await make();
    const written = acme({
      status: "provisioning",
      version: 3,
      placement: {
        driver: "sqlite",
        strategy: "database",
        server: "eu-1",
        name: "t_acme_g4",
        generation: 4,
        secret: "secret-17",
      },
      maintenance: { message: "Zurück um 5 ☕", retryAfter: 60 },
      expiresAt: 1_900_000_000_000,
      access: "read-only",
      name: "Acme & Söhne",
      plan: "gold",
      metadata: { colour: "red", limits: { seats: 5, ratio: 0.25 }, tags: ["a", null, true] },
      createdAt: 1_700_000_000_001,
      updatedAt: 1_700_000_000_002,
      createdBy: "user:7",
      updatedBy: "user:8",
      lastAccessedAt: 1_700_000_000_003,
      homepage: true,
      schemaVersion: "20260101000000-notes",
      suspendedAt: 1_700_000_000_004,
      deletedAt: 1_700_000_000_005,
      graceUntil: 1_700_000_000_006,
      formerStatus: "suspended",
    });

    await registry.transaction(({ tenants }) => tenants.insert(written, []));

    expect(await registry.store.find({ by: "id", value: written.id })).toEqual(written);
  });

  it("keeps apart what is absent and what is empty", async () => {
    const registry = await make();
    const absent = acme({ plan: undefined, expiresAt: undefined, placement: undefined });
    const empty = globex({ plan: "", expiresAt: 0, name: "", metadata: { note: "" } });

    await registry.transaction(async ({ tenants }) => {
      await tenants.insert(absent, []);
      await tenants.insert(empty, []);
    });

    expect(await registry.store.find({ by: "id", value: absent.id })).toEqual(absent);
    expect(await registry.store.find({ by: "id", value: empty.id })).toEqual(empty);
  });

  it("keeps its own copy of what it is given and of what it gives", async () => {
    const registry = await make();
    const metadata = { colour: "red" };
    const given = { ...acme(), metadata };
    await registry.transaction(({ tenants }) => tenants.insert(given, []));

    metadata.colour = "blue";
    given.slug = "changed";
    const found = await registry.store.find({ by: "id", value: given.id });
    Reflect.set(found ?? {}, "slug", "changed");
    Reflect.set(found?.metadata ?? {}, "colour", "green");

    const again = await registry.store.find({ by: "id", value: given.id });
    expect(again).toEqual({ ...acme(), metadata: { colour: "red" } });
  });

  it("F055: refuses a slug that another tenant has", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));

    const refused = await rejectionCode(
      registry.transaction(({ tenants }) => tenants.insert(globex({ slug: "acme" }), [])),
    );

    expect(refused).toBe("SLUG_TAKEN");
    expect(await registry.store.find({ by: "id", value: globex().id })).toBeUndefined();
  });

  it("refuses an id that another tenant has", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));

    const refused = await rejectionCode(
      registry.transaction(({ tenants }) => tenants.insert(acme({ slug: "other" }), [])),
    );

    expect(refused).toBe("TENANT_EXISTS");
    expect(await registry.store.find({ by: "slug", value: "other" })).toBeUndefined();
  });

  it("F036: refuses a domain that another tenant has, verified or not", async () => {
    const registry = await make();
    const claimed = tenantDomain("shop.example.com", { verifiedAt: undefined });
    await registry.transaction(({ tenants }) => tenants.insert(acme(), [claimed]));

    const refused = await rejectionCode(
      registry.transaction(({ tenants }) =>
        tenants.insert(globex(), [tenantDomain("shop.example.com")]),
      ),
    );

    expect(refused).toBe("DOMAIN_TAKEN");
    expect(await registry.store.find({ by: "slug", value: "globex" })).toBeUndefined();
  });

  it("F030: takes slugs that a collation would call equal", async () => {
    const registry = await make();
    const slugs = ["acme", "ACME", "acmé", "acme "];

    await registry.transaction(async ({ tenants }) => {
      for (const [index, slug] of slugs.entries()) {
        await tenants.insert(tenantRecord({ id: `tenant-${index}`, slug }), []);
      }
    });

    for (const [index, slug] of slugs.entries()) {
      const found = await registry.store.find({ by: "slug", value: slug });
      expect(found?.id, slug).toBe(`tenant-${index}`);
    }
  });
}
