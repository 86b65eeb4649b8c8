import { expect, it } from "vitest";
import { tenantDomain } from "../fixtures/tenant-domain.ts";
import { acme, globex } from "../fixtures/tenant-record.ts";
import { rejectionCode } from "../suite/code-of.ts";
import { outcomes } from "../suite/outcomes.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

/** Checks that domains are listed across the fleet and proved by a token that is kept as a hash. */
export function domainDirectoryTests(make: MakeRegistry): void {
  const open = tenantDomain("open.example.com", { verifiedAt: undefined });
  const proved = tenantDomain("proved.example.com", { primary: false });
  const other = tenantDomain("globex.example.com");

  async function withDomains() {
    const registry = await make();
    await registry.transaction(async ({ tenants }) => {
      await tenants.insert(acme(), [open, proved]);
      await tenants.insert(globex(), [other]);
    });
    return registry;
  }

  it("lists the domains of all tenants in order of name, page by page", async () => {
    const registry = await withDomains();

    const pages = await registry.transaction(async ({ domains }) => [
      await domains.list(),
      await domains.list({ limit: 2 }),
      await domains.list({ after: open.name }),
      await domains.list({ tenantId: acme().id }),
      await domains.list({ tenantIds: [globex().id, "nobody"] }),
      await domains.list({ tenantIds: [acme().id, globex().id] }),
      await domains.list({ tenantIds: [], limit: Number.MAX_SAFE_INTEGER }),
      await domains.list({ verified: true }),
      await domains.list({ verified: false }),
      await domains.list({ limit: 0 }),
    ]);

    expect(pages.map((page) => page.map(({ name }) => name))).toEqual([
      [other.name, open.name, proved.name],
      [other.name, open.name],
      [proved.name],
      [open.name, proved.name],
      [other.name],
      [other.name, open.name, proved.name],
      [],
      [other.name, proved.name],
      [open.name],
      [],
    ]);
    expect(pages[0]?.[1]).toEqual({ ...open, tenantId: acme().id, challenged: false });
  });

  it("finds a domain whether it is verified or not", async () => {
    const registry = await withDomains();

    const found = await registry.transaction(async ({ domains }) => [
      await domains.find(open.name),
      await domains.find(other.name),
      await domains.find("OPEN.example.com"),
    ]);

    expect(found).toEqual([
      { ...open, tenantId: acme().id, challenged: false },
      { ...other, tenantId: globex().id, challenged: false },
      undefined,
    ]);
  });

  it("S031: verifies a domain by its token, once", async () => {
    const registry = await withDomains();
    await registry.transaction(({ domains }) => domains.challenge(acme().id, open.name, token));
    const before = await registry.store.find({ by: "domain", value: open.name });

    const { values } = await outcomes(
      Array.from(
        { length: 20 },
        () => () =>
          registry.transaction(({ domains }) => domains.prove(acme().id, open.name, token)),
      ),
    );

    expect(before).toBeUndefined();
    expect(values.filter((won) => won)).toHaveLength(1);
    expect(values).toHaveLength(20);
    const { id: tenantId, slug } = acme();
    const version = acme().version + 1;
    expect(await registry.store.find({ by: "domain", value: open.name })).toEqual({
      ...acme(),
      version,
    });
    const after = await registry.transaction(({ domains }) => domains.find(open.name));
    expect(after).toMatchObject({ challenged: false, verifiedAt: expect.any(Number) });
    const payload = { slugs: [slug], domains: [open.name] };
    expect(await registry.changes.readAfter(0, 10)).toEqual([
      { type: "domains.updated", tenantId, version, payload, sequence: expect.any(Number) },
    ]);
  });

  it("takes no other token, no token before it, and no other tenant's", async () => {
    const registry = await withDomains();

    const given = await registry.transaction(async ({ domains }) => {
      await domains.challenge(acme().id, open.name, former);
      await domains.challenge(acme().id, open.name, token);
      return [
        await domains.prove(acme().id, open.name, former),
        await domains.prove(acme().id, open.name, `${token} `),
        await domains.prove(globex().id, open.name, token),
        await domains.prove(acme().id, proved.name, token),
      ];
    });

    expect(given).toEqual([false, false, false, false]);
    expect(await registry.changes.readAfter(0, 10)).toEqual([]);
    expect(await registry.store.find({ by: "domain", value: open.name })).toBeUndefined();
  });

  it("challenges a tenant's own domains only, with tokens that cannot be guessed", async () => {
    const registry = await withDomains();

    for (const [tenantId, name, given] of [
      [globex().id, open.name, token],
      [acme().id, "nobody.example.com", token],
      [acme().id, open.name, "short"],
    ] as const) {
      const challenge = registry.transaction(({ domains }) =>
        domains.challenge(tenantId, name, given),
      );
      expect(await rejectionCode(challenge)).toBe("INVALID_INPUT");
    }
  });

  it("keeps the challenge of a domain that stays, and none of one that moves", async () => {
    const registry = await withDomains();

    const given = await registry.transaction(async ({ tenants, domains }) => {
      await domains.challenge(acme().id, open.name, token);
      await domains.challenge(acme().id, proved.name, token);
      await tenants.setDomains(acme().id, [open]);
      await tenants.setDomains(globex().id, [other, proved]);
      return [
        await domains.prove(acme().id, open.name, token),
        await domains.prove(globex().id, proved.name, token),
      ];
    });

    expect(given).toEqual([true, false]);
  });
}

const token = "token-of-sixteen-characters-or-more";
const former = "former-token-of-the-same-domain";
