import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { CentralRegistry, MaybePromise, TenantReference } from "@af-tenancy/core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { registrySites } from "./support/registry-sites.ts";
import { codeOf, type Process, startProcess } from "./support/start-process.ts";
import { registryAt } from "./workers/registry-at.ts";

describe.each(registrySites)("on $name $missing", ({ missing, make }) => {
  const test = it.skipIf(missing !== "");
  const ends: (() => MaybePromise<void>)[] = [];
  let registry: CentralRegistry;
  let process: Process;
  let number = 0;

  beforeAll(async () => {
    if (missing !== "") return;
    registry = registryAt(await make((end) => ends.push(end)));
    process = await startProcess(registry, { over: (end) => ends.push(end) });
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  test("C102: a known tenant costs no query, by whatever it is named", async () => {
    const { acme, globex } = await withTenants();
    await askForAll(process, [acme, globex]);
    const before = process.asked();

    const again = await askForAll(process, [acme, globex]);

    expect(again).toEqual([acme.id, acme.id, acme.id, globex.id, globex.id, globex.id]);
    expect(process.asked()).toBe(before);
    expect(process.store.find({ by: "slug", value: acme.slug })).not.toBeInstanceOf(Promise);
  });

  test("C103: what is changed or deleted is so for the next request", async () => {
    const { acme, globex } = await withTenants();
    const { tenancy, request } = process;
    expect(await request(`${acme.slug}.test`)).toBe(acme.id);

    await tenancy.tenants.suspend(acme.id, { graceMs: 0 });
    const suspended = await codeOf(request(`${acme.slug}.test`));
    await tenancy.tenants.resume(acme.id);
    const resumed = await request(`${acme.slug}.test`);
    await tenancy.tenants.delete(acme.id);
    const deleted = await codeOf(request(`${acme.slug}.test`));
    await tenancy.tenants.purge(acme.id, { skipGrace: true });

    expect([suspended, resumed, deleted]).toEqual([
      ...["TENANT_SUSPENDED", acme.id, "TENANT_NOT_FOUND"],
    ]);
    expect(await codeOf(request(`${acme.slug}.test`))).toBe("TENANT_NOT_FOUND");
    expect(await request(`${globex.slug}.test`)).not.toBe(acme.id);
  });

  test("C104: a change made inside a tenant is seen at once, there and outside", async () => {
    const { acme, globex } = await withTenants();
    const { tenancy, request } = process;
    await askForAll(process, [acme, globex]);

    const inside = await tenancy.run(globex, async () => {
      await tenancy.tenants.update(acme.id, { slug: `${acme.slug}-two` });
      return [
        await tenancy.find({ by: "slug", value: acme.slug }),
        (await tenancy.find({ by: "slug", value: `${acme.slug}-two` }))?.id,
        (await tenancy.find({ by: "slug", value: globex.slug }))?.id,
      ];
    });

    expect(inside).toEqual([undefined, acme.id, globex.id]);
    expect(await request(`${acme.slug}.test`)).toBe(acme.id);
  });

  test("C105: a domain leads to its tenant as soon as it is added, and nowhere once it is gone", async () => {
    const { acme } = await withTenants();
    const { tenancy, request } = process;
    expect(await codeOf(request(`new-${acme.slug}.test`))).toBe("TENANT_NOT_FOUND");
    const asked = process.asked();
    expect(await codeOf(request(`new-${acme.slug}.test`))).toBe("TENANT_NOT_FOUND");
    expect(process.asked()).toBe(asked);

    await tenancy.tenants.update(acme.id, {
      domains: [`${acme.slug}.test`, `new-${acme.slug}.test`],
    });
    const added = await request(`new-${acme.slug}.test`);
    await tenancy.tenants.update(acme.id, { domains: [`${acme.slug}.test`] });

    expect(added).toBe(acme.id);
    expect(await codeOf(request(`new-${acme.slug}.test`))).toBe("TENANT_NOT_FOUND");
    expect(await request(`${acme.slug}.test`)).toBe(acme.id);
  });

  test("S031: a domain leads to its tenant as soon as it is proved, though it led nowhere before", async () => {
    const { acme, globex } = await withTenants();
    const name = `own-${acme.slug}.test`;
    await registry.transaction(async ({ tenants, domains }) => {
      const given = { name, primary: false, verifiedAt: undefined };
      await tenants.setDomains(acme.id, [...(await tenants.domains(acme.id)), given]);
      await domains.challenge(acme.id, name, "token-of-sixteen-characters-or-more");
    });
    const before = await codeOf(process.request(name));

    const proved = await registry.transaction(({ domains }) =>
      domains.prove(acme.id, name, "token-of-sixteen-characters-or-more"),
    );

    expect([before, proved]).toEqual(["TENANT_NOT_FOUND", true]);
    expect(await process.request(name)).toBe(acme.id);
    expect(await process.request(`${globex.slug}.test`)).toBe(globex.id);
  });

  test("C106 X07: a name that was changed stops at once, and the new one leads there", async () => {
    const { acme } = await withTenants();
    const { tenancy, request, store } = process;
    await askForAll(process, [acme]);

    await tenancy.tenants.update(acme.id, {
      slug: `new-${acme.slug}`,
      domains: [`new-${acme.slug}.test`],
    });

    expect(await codeOf(request(`${acme.slug}.test`))).toBe("TENANT_NOT_FOUND");
    expect(await store.find({ by: "slug", value: acme.slug })).toBeUndefined();
    expect(await request(`new-${acme.slug}.test`)).toBe(acme.id);
    expect((await store.find({ by: "slug", value: `new-${acme.slug}` }))?.id).toBe(acme.id);
  });

  test("C105: a domain that was taken away leads nowhere, even where the change does not name it", async () => {
    const { acme } = await withTenants();
    const { store, request } = process;
    await askForAll(process, [acme]);

    await registry.transaction(async ({ tenants, outbox }) => {
      const { version } = await tenants.update(acme.id, acme.version, {});
      await tenants.setDomains(acme.id, []);
      await outbox.append({ type: "by.hand", tenantId: acme.id, version, payload: null });
    });

    expect(await store.find({ by: "slug", value: acme.slug })).toMatchObject({ id: acme.id });
    expect(await codeOf(request(`${acme.slug}.test`))).toBe("TENANT_NOT_FOUND");
  });

  test("what all requests share, none of them can change", async () => {
    const { acme } = await withTenants();
    const { tenants } = process.tenancy;
    await tenants.update(acme.id, { metadata: { colours: ["red"] } });

    const found = await process.store.find({ by: "id", value: acme.id });

    const { colours } = found?.metadata ?? {};
    expect(() => (colours as string[]).push("blue")).toThrow(TypeError);
    expect(Object.isFrozen(found)).toBe(true);
  });

  test("X07: nothing is forgotten before a change is committed, nor when it is taken back", async () => {
    const { acme } = await withTenants();
    const { tenancy, store } = process;
    await askForAll(process, [acme]);
    const asked = process.asked();
    const refused = new RangeError("taken back");

    const changing = registry.transaction(async ({ tenants, outbox }) => {
      const { version } = await tenants.update(acme.id, acme.version, { slug: "other" });
      const payload = { slugs: [acme.slug, "other"], domains: [] };
      await outbox.append({ type: "tenant.updated", tenantId: acme.id, version, payload });
      expect(store.find({ by: "slug", value: acme.slug })).toMatchObject({ id: acme.id });
      throw refused;
    });

    await expect(changing).rejects.toBe(refused);
    expect((await tenancy.find({ by: "slug", value: acme.slug }))?.version).toBe(acme.version);
    expect(process.asked()).toBe(asked);
  });

  test("X07: who asks for the same at the same time makes one query", async () => {
    const { acme } = await withTenants();
    const before = process.asked();

    const found = await Promise.all(
      Array.from({ length: 50 }, () =>
        process.store.find({ by: "domain", value: `${acme.slug}.test` }),
      ),
    );

    expect(new Set(found.map((tenant) => tenant?.id))).toEqual(new Set([acme.id]));
    expect(process.asked() - before).toBe(1);
  });

  test("C107: what resolving does besides, it does for known tenants too", async () => {
    const { acme } = await withTenants();
    const before = process.asked();
    const seen: unknown[] = [];
    const look = (message: unknown) => void seen.push((message as { tenantId: string }).tenantId);
    subscribe("af-tenancy:resolution", look);
    onTestFinished(() => void unsubscribe("af-tenancy:resolution", look));

    for (let time = 0; time < 3; time += 1) await process.request(`${acme.slug}.test`);

    expect(seen).toEqual([acme.id, acme.id, acme.id]);
    expect(process.asked() - before).toBe(1);
  });

  test("C108: an id and a slug that read the same are two things, and one tenant's change is its own", async () => {
    const { tenancy, store } = process;
    const one = await tenancy.tenants.create({ id: "twin", slug: "one" });
    const other = await tenancy.tenants.create({ id: "other", slug: "twin", domains: ["twin"] });
    const ask = async (by: string) => (await store.find({ by, value: "twin" }))?.id;
    expect([await ask("id"), await ask("slug"), await ask("domain")]).toEqual([
      ...[one.id, other.id, other.id],
    ]);

    await tenancy.tenants.update(one.id, { plan: "large" });

    const asked = process.asked();
    expect(await ask("slug")).toBe(other.id);
    expect(process.asked()).toBe(asked);
    expect(await store.find({ by: "id", value: "twin" })).toMatchObject({ plan: "large" });
  });

  /** Two new tenants in the one registry of all tests. */
  async function withTenants() {
    const { tenants } = process.tenancy;
    number += 1;
    const names = [`acme-${number}`, `globex-${number}`] as const;
    const [acme, globex] = await Promise.all(
      names.map((slug) => tenants.create({ slug, domains: [`${slug}.test`] })),
    );
    if (acme === undefined || globex === undefined) throw new RangeError("two were created");
    return { acme, globex };
  }
});

async function askForAll(
  { store }: Process,
  tenants: readonly { readonly id: string; readonly slug: string }[],
): Promise<readonly (string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for (const { id, slug } of tenants) {
    const references: TenantReference[] = [
      { by: "domain", value: `${slug}.test` },
      { by: "slug", value: slug },
      { by: "id", value: id },
    ];
    for (const reference of references) found.push((await store.find(reference))?.id);
  }
  return found;
}
