import { type RegistryTransaction, StaleTenantError, type TenantUpdate } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { codeThrownBy, thrownBy } from "./support/thrown-by.ts";

async function withAcme() {
  const one = installation();
  const tenancy = await one.join();
  const acme = await tenancy.tenants.create({
    slug: "acme",
    plan: "silver",
    metadata: { seats: 1 },
    domains: ["acme.example.com", "acme.com"],
  });
  const domains = () => one.registry.transaction(({ tenants }) => tenants.domains(acme.id));
  const changes = async () => (await journalOf(one.registry)).outbox.slice(2);
  return { ...one, tenancy, acme, domains, changes };
}

describe("update", () => {
  it("changes attributes, raises the version and tells caches and listeners", async () => {
    const { tenancy, acme, changes, clock } = await withAcme();
    const told: unknown[] = [];
    tenancy.events.on("tenantUpdated", ({ tenant }) => void told.push(tenant));
    tenancy.events.on("domainsUpdated", () => void told.push("domains"));
    await clock.advance(5_000);

    const updated = await tenancy.tenants.update(acme.id, {
      slug: "acme-inc",
      name: "Acme Inc.",
      metadata: { seats: 2 },
    });

    expect(updated).toEqual({
      ...acme,
      slug: "acme-inc",
      name: "Acme Inc.",
      metadata: { seats: 2 },
      version: 3,
      updatedAt: 1_005_000,
    });
    expect(told).toEqual([updated]);
    expect(await changes()).toMatchObject([
      {
        type: "tenant.updated",
        version: 3,
        payload: { slugs: ["acme", "acme-inc"], domains: ["acme.example.com", "acme.com"] },
      },
    ]);
  });

  it("finds the tenant by any reference", async () => {
    const { tenancy } = await withAcme();
    const { tenants } = tenancy;

    await tenants.update({ by: "domain", value: "acme.com" }, { name: "One" });
    const updated = await tenants.update({ by: "slug", value: "acme" }, { plan: "gold" });

    expect(updated).toMatchObject({ name: "One", plan: "gold", version: 4 });
  });

  it("takes the plan away when it is explicitly undefined, and leaves it otherwise", async () => {
    const { tenancy, acme } = await withAcme();

    const kept = await tenancy.tenants.update(acme.id, { name: "Acme" });
    const gone = await tenancy.tenants.update(acme.id, { plan: undefined });

    expect([kept.plan, gone.plan]).toEqual(["silver", undefined]);
  });

  it("replaces domains, keeps what is known of those that stay, and names old and new ones", async () => {
    const { tenancy, acme, domains, changes, clock, registry } = await withAcme();
    const told: string[] = [];
    tenancy.events.on("domainsUpdated", () => void told.push("domains"));
    tenancy.events.on("tenantUpdated", () => void told.push("tenant"));
    await clock.advance(5_000);

    const updated = await tenancy.tenants.update(acme.id, { domains: ["acme.org", "acme.com"] });

    expect(updated.version).toBe(3);
    expect(await domains()).toEqual([
      { name: "acme.org", primary: true, verifiedAt: 1_005_000 },
      { name: "acme.com", primary: false, verifiedAt: 1_000_000 },
    ]);
    expect(told).toEqual(["domains"]);
    expect(await changes()).toMatchObject([
      {
        type: "domains.updated",
        version: 3,
        payload: { slugs: ["acme"], domains: ["acme.example.com", "acme.com", "acme.org"] },
      },
    ]);
    expect(await registry.store.find({ by: "domain", value: "acme.example.com" })).toBeUndefined();
  });

  it("F036: does not verify a domain by writing it again", async () => {
    const { tenancy, acme, domains, registry } = await withAcme();
    await registry.transaction(({ tenants }) =>
      tenants.setDomains(acme.id, [{ name: "acme.com", primary: true, verifiedAt: undefined }]),
    );

    await tenancy.tenants.update(acme.id, { domains: ["acme.com"] });

    expect(await domains()).toEqual([{ name: "acme.com", primary: true, verifiedAt: undefined }]);
  });

  it("changes attributes and domains together or not at all", async () => {
    const { tenancy, acme, domains, changes } = await withAcme();
    await tenancy.tenants.create({ slug: "globex", domains: ["globex.com"] });
    const before = (await changes()).length;

    const thrown = await codeThrownBy(() =>
      tenancy.tenants.update(acme.id, { name: "X", domains: ["acme.com", "globex.com"] }),
    );

    expect(thrown).toBe("DOMAIN_TAKEN");
    expect(await tenancy.find(acme.id)).toEqual(acme);
    expect(await domains()).toHaveLength(2);
    expect(await changes()).toHaveLength(before);
    const both = await tenancy.tenants.update(acme.id, { name: "X", domains: [] });
    expect(both).toMatchObject({ name: "X", version: 3 });
    expect((await changes()).slice(before).map(({ type }) => type)).toEqual([
      "tenant.updated",
      "domains.updated",
    ]);
  });

  it("refuses a slug that is taken", async () => {
    const { tenancy, acme } = await withAcme();
    await tenancy.tenants.create({ slug: "globex" });

    const thrown = await codeThrownBy(() => tenancy.tenants.update(acme.id, { slug: "globex" }));

    expect(thrown).toBe("SLUG_TAKEN");
  });

  it("does nothing where nothing is to be changed", async () => {
    const { tenancy, acme, changes } = await withAcme();
    tenancy.events.on("tenantUpdating", () => false);
    tenancy.events.on("domainsUpdating", () => false);

    expect(await tenancy.tenants.update(acme.id, {})).toEqual(acme);
    expect(await changes()).toEqual([]);
  });

  it.each(["deleting", "deleted"] as const)("finds no tenant that is %s", async (status) => {
    const { tenancy, acme, registry } = await withAcme();
    await registry.transaction(({ tenants }) => tenants.update(acme.id, acme.version, { status }));

    const thrown = await codeThrownBy(() => tenancy.tenants.update(acme.id, { name: "X" }));

    expect(thrown).toBe("TENANT_NOT_FOUND");
  });

  it.each([
    ["an unknown tenant", "nobody", { name: "X" }, "TENANT_NOT_FOUND"],
    ["no tenant at all", null, { name: "X" }, "INVALID_TENANT"],
    ["half a reference", { by: "slug" }, { name: "X" }, "INVALID_TENANT"],
    ["a bad slug", "nobody", { slug: "Acme" }, "INVALID_INPUT"],
    ["a status", "nobody", { status: "active" }, "INVALID_INPUT"],
  ])("refuses %s", async (_what, tenant, changes, code) => {
    const { tenancy } = await withAcme();

    const thrown = await codeThrownBy(() =>
      tenancy.tenants.update(tenant as string, changes as TenantUpdate),
    );

    expect(thrown).toBe(code);
  });
});

describe("two updates at once", () => {
  it("are both kept when they touch different fields", async () => {
    const { tenancy, acme, domains } = await withAcme();
    const { tenants } = tenancy;

    await Promise.all([
      tenants.update(acme.id, { name: "Acme Inc." }),
      tenants.update(acme.id, { plan: "gold" }),
      tenants.update(acme.id, { slug: "acme-inc" }),
      tenants.update(acme.id, { metadata: { seats: 9 } }),
      tenants.update(acme.id, { domains: ["acme.org"] }),
    ]);

    expect(await tenancy.find(acme.id)).toMatchObject({
      name: "Acme Inc.",
      plan: "gold",
      slug: "acme-inc",
      metadata: { seats: 9 },
      version: 7,
    });
    expect((await domains()).map(({ name }) => name)).toEqual(["acme.org"]);
  });

  it.each([
    [{ name: "One" }, { name: "Two" }],
    [{ metadata: { a: 1 } }, { metadata: { b: 1 } }],
    [{ domains: ["one.com"] }, { domains: ["two.com"] }],
    [{ plan: "gold" }, { plan: undefined }],
  ])("are not both kept when they touch the same field: %j", async (one, other) => {
    const { tenancy, acme } = await withAcme();

    const settled = await Promise.allSettled([
      tenancy.tenants.update(acme.id, one),
      tenancy.tenants.update(acme.id, other),
    ]);

    expect(settled).toMatchObject([{ status: "fulfilled" }, { status: "rejected" }]);
    const [, second] = settled;
    expect(second.status === "rejected" && second.reason).toBeInstanceOf(StaleTenantError);
    expect((await tenancy.find(acme.id))?.version).toBe(3);
  });

  it("of a list that was made from another one are refused, so that nothing that was added is lost", async () => {
    const { tenancy, acme, domains, changes } = await withAcme();
    const names = async () => (await domains()).map(({ name }) => name);
    const add = async (name: string): Promise<number> => {
      const expectedDomains = (await tenancy.tenants.domains(acme)).map(({ name }) => name);
      const next = [...expectedDomains, name];
      try {
        await tenancy.tenants.update(acme, { domains: next, expectedDomains });
        return 0;
      } catch (error) {
        expect(error).toBeInstanceOf(StaleTenantError);
        return 1 + (await add(name));
      }
    };
    const adding = Array.from({ length: 8 }, (_, index) => `${index}.example.com`);

    const refused = await Promise.all(adding.map(add));

    expect((await names()).toSorted()).toEqual(["acme.com", "acme.example.com", ...adding].sort());
    expect(refused.some((times) => times > 0)).toBe(true);
    const told = (await changes()).length;
    const expectedDomains = (await names()).toReversed();
    const stale = tenancy.tenants.update(acme, { domains: [], expectedDomains, name: "X" });
    await expect(stale).rejects.toMatchObject({ code: "STALE_TENANT" });
    expect((await changes()).length).toBe(told);
  });

  it("keep the proof that a domain gets meanwhile", async () => {
    const { tenancy, acme, registry, domains } = await withAcme();
    const token = "token-of-sixteen-characters-or-more";
    await registry.transaction(async ({ tenants, domains }) => {
      await tenants.setDomains(acme.id, [
        { name: "acme.com", primary: true, verifiedAt: undefined },
      ]);
      await domains.challenge(acme.id, "acme.com", token);
    });
    tenancy.events.on("domainsUpdating", async () => {
      await registry.transaction(({ domains }) => domains.prove(acme.id, "acme.com", token));
    });

    await tenancy.tenants.update(acme.id, { domains: ["acme.org", "acme.com"] });

    expect(await domains()).toMatchObject([
      { name: "acme.org", primary: true, verifiedAt: expect.any(Number) },
      { name: "acme.com", primary: false, verifiedAt: expect.any(Number) },
    ]);
  });

  it("name the slug that the other one gave", async () => {
    const { tenancy, acme, changes } = await withAcme();
    tenancy.events.on("domainsUpdating", () =>
      tenancy.tenants.update(acme.id, { slug: "acme-inc" }).then(() => undefined),
    );

    await tenancy.tenants.update(acme.id, { domains: [] });

    expect((await changes()).at(-1)).toMatchObject({
      type: "domains.updated",
      version: 4,
      payload: { slugs: ["acme-inc"] },
    });
  });

  it("give up when the tenant changes all the time", async () => {
    const { join, registry } = await withAcme();
    const restless = {
      name: "restless",
      store: registry.store,
      changes: registry.changes,
      transaction: <R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> =>
        registry.transaction((transaction) =>
          work({
            ...transaction,
            tenants: {
              ...transaction.tenants,
              domains: (id: string) => transaction.tenants.domains(id),
              update: (id: string, version: number) =>
                Promise.reject(new StaleTenantError(id, version)),
            } as typeof transaction.tenants,
          }),
        ),
    };
    const { tenants } = await join({ registry: restless });

    const thrown = await thrownBy(() =>
      tenants.update({ by: "slug", value: "acme" }, { name: "X" }),
    );

    expect(thrown).toBeInstanceOf(StaleTenantError);
  });
});

describe("listeners of updates", () => {
  it("C017: a listener vetoes a change of domains, and nothing is written", async () => {
    const { tenancy, acme, domains, changes } = await withAcme();
    const seen: unknown[] = [];
    tenancy.events.on("domainsUpdating", ({ tenant, from, to }) => {
      seen.push([tenant.id, from.map(({ name }) => name), to]);
      return false;
    });
    const before = await domains();

    const thrown = await codeThrownBy(() =>
      tenancy.tenants.update(acme.id, { name: "X", domains: ["acme.org"] }),
    );

    expect(thrown).toBe("VETOED");
    expect(seen).toEqual([[acme.id, ["acme.example.com", "acme.com"], ["acme.org"]]]);
    expect(await domains()).toEqual(before);
    expect(await tenancy.find(acme.id)).toEqual(acme);
    expect(await changes()).toEqual([]);
  });

  it("C017: a listener vetoes a change of attributes, and domains are not even asked about", async () => {
    const { tenancy, acme, changes } = await withAcme();
    const asked: string[] = [];
    tenancy.events.on("tenantUpdating", ({ changes: wanted }) => {
      asked.push(JSON.stringify(wanted));
      return false;
    });
    tenancy.events.on("domainsUpdating", () => void asked.push("domains"));

    const thrown = await codeThrownBy(() =>
      tenancy.tenants.update(acme.id, { name: "X", domains: [] }),
    );

    expect(thrown).toBe("VETOED");
    expect(asked).toEqual(['{"name":"X"}']);
    expect(await changes()).toEqual([]);
  });

  it("of attributes are not asked about a change of domains", async () => {
    const { tenancy, acme } = await withAcme();
    tenancy.events.on("tenantUpdating", () => false);

    const updated = await tenancy.tenants.update(acme.id, { domains: [] });

    expect(updated.version).toBe(3);
  });

  it("are not asked about input that is refused anyway", async () => {
    const { tenancy, acme } = await withAcme();
    let asked = 0;
    const ask = () => {
      asked += 1;
    };
    tenancy.events.on("tenantUpdating", ask);
    tenancy.events.on("domainsUpdating", ask);

    await codeThrownBy(() => tenancy.tenants.update(acme.id, { name: "" }));
    await codeThrownBy(() => tenancy.tenants.update(acme.id, { domains: ["ACME.com"] }));

    expect(asked).toBe(0);
  });
});
