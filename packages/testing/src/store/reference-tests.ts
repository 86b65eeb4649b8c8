import { expect, it } from "vitest";
import { tenantDomain } from "../fixtures/tenant-domain.ts";
import { acme, globex, tenantRecord } from "../fixtures/tenant-record.ts";
import { statuses } from "./statuses.ts";
import type { MakeStore, StoreContents } from "./tenant-store-harness.ts";

/** Checks how a store finds one tenant. */
export function referenceTests(make: MakeStore): void {
  it("finds a tenant by id, slug and verified domain", async () => {
    const store = await make(twoTenants());

    const found = [
      await store.find({ by: "id", value: acme().id }),
      await store.find({ by: "slug", value: "globex" }),
      await store.find({ by: "domain", value: "acme.example.com" }),
    ];

    expect(found.map((tenant) => tenant?.slug)).toEqual(["acme", "globex", "acme"]);
  });

  it("gives what a tenant needs to be entered", async () => {
    const placement = {
      driver: "memory",
      strategy: "database",
      server: "default",
      name: "t_acme_g2",
      generation: 2,
      secret: undefined,
    } as const;
    const store = await make({ tenants: [acme({ status: "suspended", version: 7, placement })] });

    const found = await store.find({ by: "slug", value: "acme" });

    const { id, slug, status, version } = found ?? {};
    expect({ id, slug, status, version }).toEqual({
      id: acme().id,
      slug: "acme",
      status: "suspended",
      version: 7,
    });
    expect(found?.placement).toEqual(placement);
  });

  it("finds nothing for values that no tenant has", async () => {
    const store = await make(twoTenants());

    for (const value of ["initech", "", "__proto__", "constructor", "*", "%", "' or 1=1 --"]) {
      expect(await store.find({ by: "id", value }), value).toBeUndefined();
      expect(await store.find({ by: "slug", value }), value).toBeUndefined();
      expect(await store.find({ by: "domain", value }), value).toBeUndefined();
    }
  });

  it("does not take one kind of reference for another", async () => {
    const store = await make(twoTenants());

    expect(await store.find({ by: "id", value: "acme" })).toBeUndefined();
    expect(await store.find({ by: "slug", value: acme().id })).toBeUndefined();
    expect(await store.find({ by: "slug", value: "acme.example.com" })).toBeUndefined();
    expect(await store.find({ by: "domain", value: "acme" })).toBeUndefined();
  });

  it("gives the same answers in any order, one by one and all at once, again and again", async () => {
    const store = await make({
      tenants: [acme({ id: "one", slug: "two" }), globex({ id: "two", slug: "one" })],
      domains: [
        { ...tenantDomain("one"), tenantId: "one" },
        { ...tenantDomain("two", { verifiedAt: undefined }), tenantId: "two" },
      ],
    });
    const answers = [
      ["id", "one", "one"],
      ["slug", "one", "two"],
      ["domain", "one", "one"],
      ["slug", "ONE", undefined],
      ["id", "two", "two"],
      ["slug", "two", "one"],
      ["domain", "two", undefined],
      ["status", "active", undefined],
    ] as const;
    const ask = async (by: string, value: string) => (await store.find({ by, value }))?.id;

    for (const round of [answers, answers.toReversed(), answers]) {
      for (const [by, value, id] of round) expect(await ask(by, value), by).toBe(id);
      const found = await Promise.all(round.map(([by, value]) => ask(by, value)));
      expect(found).toEqual(round.map(([, , id]) => id));
    }
  });

  it("finds nothing by an attribute that is not declared", async () => {
    const store = await make(twoTenants());

    for (const by of ["status", "placement", "", "ID", "__proto__", "constructor", "id; --"]) {
      expect(await store.find({ by, value: "active" }), by).toBeUndefined();
      expect(await store.find({ by, value: acme().id }), by).toBeUndefined();
    }
  });

  it("finds nothing by an unverified domain", async () => {
    const store = await make(twoTenants());

    expect(await store.find({ by: "domain", value: "unverified.example.com" })).toBeUndefined();
  });

  it("finds a tenant in any status", async () => {
    const tenants = statuses.map((status) => tenantRecord({ slug: status, status }));
    const domains = tenants.map(({ id, slug }) => ({
      ...tenantDomain(`${slug}.example.com`),
      tenantId: id,
    }));
    const store = await make({ tenants, domains });

    for (const { id, slug } of tenants) {
      expect((await store.find({ by: "id", value: id }))?.slug).toBe(slug);
      expect((await store.find({ by: "slug", value: slug }))?.slug).toBe(slug);
      expect((await store.find({ by: "domain", value: `${slug}.example.com` }))?.slug).toBe(slug);
    }
  });
}

function twoTenants(): StoreContents {
  return {
    tenants: [acme(), globex()],
    domains: [
      { ...tenantDomain("acme.example.com"), tenantId: acme().id },
      {
        ...tenantDomain("unverified.example.com", { primary: false, verifiedAt: undefined }),
        tenantId: globex().id,
      },
    ],
  };
}
