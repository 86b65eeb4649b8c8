import {
  type CentralRegistry,
  createKeyRing,
  systemClock,
  type TenantRecord,
} from "@af-tenancy/core";
import { tenancyRequest } from "@af-tenancy/testing";
import { expect, it, onTestFinished } from "vitest";
import { ChangeHints } from "../src/change-hints.ts";
import { ChangeWindow } from "../src/change-window.ts";
import { MemoryLayer } from "../src/layers/memory-layer.ts";
import { makeSqlite } from "./support/registry-sites.ts";
import { type Process, startProcess } from "./support/start-process.ts";
import { registryAt } from "./workers/registry-at.ts";

const keys = createKeyRing({ current: new Uint8Array(32).fill(7) });

it("S043 S146: a host that memory has forgotten costs no query where the browser remembers its tenant", async () => {
  const { process, acme, visit } = await startHinted({ maxTenants: 1 });
  await tenantsOwn(process, acme, ["one.test", "two.test", "three.test"]);
  const { cookie } = await visit("one.test");
  for (const host of ["two.test", "three.test", "two.test", "three.test"]) await visit(host);
  const before = process.asked();

  const hinted = await visit("one.test", cookie);
  const afterHinted = process.asked();
  const plain = await visit("one.test");

  expect([hinted.id, plain.id]).toEqual([acme.id, acme.id]);
  expect(hinted.cookie).toBeUndefined();
  expect(afterHinted).toBe(before);
  expect(process.asked()).toBe(before + 1);
});

it("S043: a host that moved to another tenant leads there at once, whatever browsers remember", async () => {
  const { process, acme, globex, visit } = await startHinted();
  await tenantsOwn(process, acme, ["acme.test", "shop.test"]);
  const { cookie } = await visit("shop.test");

  await tenantsOwn(process, acme, ["acme.test"]);
  const gone = await visit("shop.test", cookie).catch(({ code }) => code);
  await tenantsOwn(process, globex, ["globex.test", "shop.test"]);
  const moved = await visit("shop.test", cookie);

  expect(gone).toBe("TENANT_NOT_FOUND");
  expect(moved.id).toBe(globex.id);
  expect(moved.cookie).not.toBe(cookie);
  expect((await visit("shop.test", moved.cookie)).cookie).toBeUndefined();
});

it("S043: what was told before a clear, or just after a start, is worth nothing", async () => {
  const started = await startHinted({}, 0);
  const { process, acme, visit, clock } = started;
  await tenantsOwn(process, acme, ["acme.test"]);
  const { cookie: early } = await visit("acme.test");
  clock.ahead = 11_000;
  const again = await visit("acme.test", early);
  const { cookie: late } = again;
  const counted = await visit("acme.test", late);

  await process.store.clear();
  const cleared = await visit("acme.test", late);

  expect(late).toBeDefined();
  expect(counted.cookie).toBeUndefined();
  expect(cleared.cookie).toBeDefined();
  expect([again.id, counted.id, cleared.id]).toEqual([acme.id, acme.id, acme.id]);
});

it("S043: vouches for what did not change since, as long as all changes are heard of", () => {
  const window = new ChangeWindow(10);
  const now = { at: 1_000, heardAllAt: 1_000 as number | undefined };
  const clock = { ...systemClock(), now: () => 50_000, monotonic: () => now.at };
  const hints = new ChangeHints(new MemoryLayer(1, 0), window, 30_000, () => ({
    clock,
    heardAllAt: now.heardAllAt,
  }));
  const domain = { by: "domain", value: "acme.test" };
  const change = { type: "tenant.updated", version: 1 };
  window.record({ ...change, tenantId: "a", sequence: 3, payload: { domains: ["acme.test"] } });
  window.record({ ...change, tenantId: "b", sequence: 5, payload: null });
  const leads = (id: string, upTo: number, reference = domain, issuedAt = 40_000) =>
    hints.stillLeads(reference, id, upTo, issuedAt);

  expect([leads("a", 2), leads("a", 3), leads("a", 5), leads("a", 6)]).toEqual([
    ...[false, true, true, false],
  ]);
  expect([leads("b", 4), leads("b", 5)]).toEqual([false, true]);
  expect(leads("a", 5, { by: "colour", value: "red" })).toBe(false);
  now.at = 31_001;
  expect(leads("a", 5)).toBe(false);
  now.heardAllAt = 1_002;
  expect(leads("a", 5)).toBe(true);
  hints.startOver();
  expect([leads("a", 5), leads("a", 5, domain, 60_000)]).toEqual([false, true]);
  now.heardAllAt = undefined;
  expect(leads("a", 5, domain, 60_000)).toBe(false);
});

it("S043: memory that keeps nothing vouches for nothing", async () => {
  const { process, acme, visit } = await startHinted({ maxTenants: 0 });
  await tenantsOwn(process, acme, ["acme.test"]);

  expect(await visit("acme.test")).toEqual({ id: acme.id, cookie: undefined });
});

/** Starts a process whose clock is ahead, so that its start is long ago, and a way to visit it as browsers do. */
async function startHinted(cache = {}, ahead = 11_000) {
  const clock = { ...systemClock(), ahead: 0, now: () => Date.now() + clock.ahead };
  const registry: CentralRegistry = registryAt(await makeSqlite(onTestFinished));
  const process = await startProcess(registry, { cache, clock, more: { keys, cookieHint: true } });
  clock.ahead = ahead;
  const create = (slug: string) =>
    process.tenancy.tenants.create({ slug, name: slug, domains: [`${slug}.test`] });
  const [acme, globex] = [await create("acme"), await create("globex")];

  async function visit(host: string, cookie?: string) {
    let given: string | undefined;
    const id = await process.tenancy.handle({
      request: tenancyRequest({ host, ...(cookie && { headers: [["Cookie", cookie]] }) }),
      mode: "tenant",
      headers: {
        has: () => false,
        set: () => undefined,
        add: (_name, value) => {
          given = value.split(";", 1)[0];
        },
      },
      next: async () => process.tenancy.currentOrFail().id,
      onClosed: (closed) => closed(false),
    });
    return { id, cookie: given };
  }
  return { process, acme, globex, visit, clock };
}

async function tenantsOwn(
  { tenancy }: Process,
  { id }: TenantRecord,
  domains: readonly string[],
): Promise<void> {
  await tenancy.tenants.update(id, { domains: [...domains] });
}
