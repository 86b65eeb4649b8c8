import { expect, it } from "vitest";
import { tenantDomain } from "../fixtures/tenant-domain.ts";
import { acme, globex } from "../fixtures/tenant-record.ts";
import { rejectionCode } from "../suite/code-of.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

/** Checks how a registry keeps the domains of tenants. */
export function domainTests(make: MakeRegistry): void {
  const first = tenantDomain("first.example.com", { primary: false });
  const second = tenantDomain("second.example.com");
  const third = tenantDomain("third.example.com", { primary: false, verifiedAt: undefined });

  it("gives the primary domain first", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), [first, third, second]));

    const domains = await registry.transaction(({ tenants }) => tenants.domains(acme().id));

    expect(domains[0]).toEqual(second);
    expect(domains).toHaveLength(3);
    expect(domains).toEqual(expect.arrayContaining([first, second, third]));
  });

  it("gives none for a tenant that has none and for one that is not there", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));

    const given = await registry.transaction(async ({ tenants }) => [
      await tenants.domains(acme().id),
      await tenants.domains("nobody"),
    ]);

    expect(given).toEqual([[], []]);
  });

  it("replaces all domains at once", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), [first, second]));
    const primary = { ...first, primary: true };

    await registry.transaction(({ tenants }) => tenants.setDomains(acme().id, [primary, third]));

    const domains = await registry.transaction(({ tenants }) => tenants.domains(acme().id));
    expect(domains).toEqual([primary, third]);
    expect(await registry.store.find({ by: "domain", value: first.name })).toBeDefined();
    expect(await registry.store.find({ by: "domain", value: second.name })).toBeUndefined();
  });

  it("F036: leads to the tenant once the domain is verified, and never before", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), [third]));
    const before = await registry.store.find({ by: "domain", value: third.name });

    await registry.transaction(({ tenants }) =>
      tenants.setDomains(acme().id, [{ ...third, verifiedAt: 1_700_000_000_000 }]),
    );

    expect(before).toBeUndefined();
    expect(await registry.store.find({ by: "domain", value: third.name })).toMatchObject({
      slug: "acme",
    });
  });

  it("refuses a domain of another tenant and changes nothing then", async () => {
    const registry = await make();
    await registry.transaction(async ({ tenants }) => {
      await tenants.insert(acme(), [second]);
      await tenants.insert(globex(), [third]);
    });

    const refused = await rejectionCode(
      registry.transaction(({ tenants }) => tenants.setDomains(acme().id, [first, third])),
    );

    expect(refused).toBe("DOMAIN_TAKEN");
    const kept = await registry.transaction(async ({ tenants }) => [
      await tenants.domains(acme().id),
      await tenants.domains(globex().id),
    ]);
    expect(kept).toEqual([[second], [third]]);
  });

  it("F035: moves a domain from one tenant to another in one transaction", async () => {
    const registry = await make();
    await registry.transaction(async ({ tenants }) => {
      await tenants.insert(acme(), [second]);
      await tenants.insert(globex(), []);
    });

    await registry.transaction(async ({ tenants }) => {
      await tenants.setDomains(acme().id, []);
      await tenants.setDomains(globex().id, [second]);
    });

    expect(await registry.store.find({ by: "domain", value: second.name })).toMatchObject({
      slug: "globex",
    });
  });

  it("F030: takes domains that a collation would call equal", async () => {
    const registry = await make();
    const names = ["strasse.example.com", "straße.example.com", "STRASSE.example.com"];
    const domains = names.map((name) => tenantDomain(name, { primary: false }));

    await registry.transaction(({ tenants }) => tenants.insert(acme(), domains));

    const kept = await registry.transaction(({ tenants }) => tenants.domains(acme().id));
    expect(kept.map(({ name }) => name).sort()).toEqual([...names].sort());
  });
}
