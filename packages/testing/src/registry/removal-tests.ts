import { expect, it } from "vitest";
import { tenantDomain } from "../fixtures/tenant-domain.ts";
import { acme, globex } from "../fixtures/tenant-record.ts";
import { rejectionCode } from "../suite/code-of.ts";
import { collect } from "../suite/collect.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

/** Checks how a registry forgets a tenant. */
export function removalTests(make: MakeRegistry): void {
  it("forgets a tenant and frees its slug and domains", async () => {
    const registry = await make();
    const domain = tenantDomain("acme.example.com");
    await registry.transaction(({ tenants }) => tenants.insert(acme(), [domain]));

    await registry.transaction(({ tenants }) => tenants.remove(acme().id, 1));

    for (const value of [acme().id, "acme", domain.name]) {
      for (const by of ["id", "slug", "domain"]) {
        expect(await registry.store.find({ by, value })).toBeUndefined();
      }
    }
    expect(await collect(registry.store.list())).toEqual([]);
    await registry.transaction(({ tenants }) => tenants.insert(globex({ slug: "acme" }), [domain]));
    expect(await registry.store.find({ by: "domain", value: domain.name })).toMatchObject({
      id: globex().id,
    });
  });

  it("F061: never takes the id of a removed tenant again", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
    await registry.transaction(({ tenants }) => tenants.remove(acme().id, 1));

    const refused = await rejectionCode(
      registry.transaction(({ tenants }) => tenants.insert(acme(), [])),
    );

    expect(refused).toBe("TENANT_EXISTS");
  });

  it("refuses to forget another version than the current one", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme({ version: 2 }), []));

    for (const version of [1, 3]) {
      const removal = registry.transaction(({ tenants }) => tenants.remove(acme().id, version));
      expect(await rejectionCode(removal)).toBe("STALE_TENANT");
    }

    expect(await registry.store.find({ by: "slug", value: "acme" })).toBeDefined();
  });

  it("refuses to forget a tenant that is not there", async () => {
    const registry = await make();

    const refused = await rejectionCode(
      registry.transaction(({ tenants }) => tenants.remove("nobody", 1)),
    );

    expect(refused).toBe("STALE_TENANT");
  });
}
