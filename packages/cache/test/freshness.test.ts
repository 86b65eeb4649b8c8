import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type CentralRegistry, manualClock, memoryRegistry } from "@af-tenancy/core";
import { expect, it, onTestFinished, vi } from "vitest";
import { noRedis, ownPrefix, redisUrl } from "./support/redis.ts";
import { makeSqlite, registrySites } from "./support/registry-sites.ts";
import { codeOf, startProcess } from "./support/start-process.ts";
import { postgres, type RegistryPlace, registryAt } from "./workers/registry-at.ts";

it("S051: a busy tenant is read again before its time is over, while the old one is served", async () => {
  const clock = manualClock();
  const registry = memoryRegistry({ clock });
  const { tenancy, store, asked } = await startProcess(registry, { clock, cache: { ttl: 10_000 } });
  const acme = await tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
  const find = () => store.find({ by: "domain", value: "acme.test" });
  await find();
  await pastTheOutbox(registry, acme.id, acme.version);
  const before = asked();

  await clock.advance(7_999);
  const young = find();
  await clock.advance(1);
  const old = find();
  const again = find();
  await vi.waitFor(() => expect(find()).toMatchObject({ plan: "by hand" }));

  expect([young, old, again]).toEqual([acme, acme, acme]);
  expect(asked() - before).toBe(1);
});

it("F034: serves a tenant from memory while it cannot be read again, and reads it anew once its time is over", async () => {
  const clock = manualClock();
  const registry = memoryRegistry({ clock });
  const fail = vi.spyOn(registry.store, "find");
  const { tenancy, store } = await startProcess(registry, {
    clock,
    cache: { ttl: 10_000, maxStale: 5_000 },
  });
  const acme = await tenancy.tenants.create({ slug: "acme" });
  const find = () => store.find({ by: "slug", value: "acme" });
  await find();

  fail.mockImplementation(() => Promise.reject(new RangeError("away")));
  await clock.advance(14_999);
  const stale = find();
  await clock.advance(1);

  expect(stale).toEqual(acme);
  expect(await codeOf(Promise.resolve(find()))).toBeInstanceOf(RangeError);
  fail.mockRestore();
  expect(await find()).toEqual(acme);
});

it("asks for a name that leads nowhere again after its short time", async () => {
  const clock = manualClock();
  const { tenancy, store, asked } = await startProcess(memoryRegistry({ clock }), { clock });
  await tenancy.tenants.create({ slug: "acme" });
  const before = asked();
  const find = () => store.find({ by: "slug", value: "nobody" });

  await find();
  await clock.advance(4_999);
  const known = [find(), asked() - before];
  await clock.advance(1);

  expect(known).toEqual([undefined, 1]);
  expect(await find()).toBeUndefined();
  expect(asked() - before).toBe(2);
});

it("answers 503 in time where the registry does not answer at all", async () => {
  const clock = manualClock();
  const registry = memoryRegistry({ clock });
  const { tenancy, request } = await startProcess(registry, { clock, cache: { timeout: 1_000 } });
  await tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
  vi.spyOn(registry.store, "find").mockImplementation(() => new Promise(() => {}));

  const asking = codeOf(request("acme.test"));
  await clock.advance(1_000);

  expect(await asking).toBe("REGISTRY_UNAVAILABLE");
});

const [, site] = registrySites;
it.skipIf(site?.missing !== "")(
  `F034 S052: while the registry is away known tenants are served up to maxStale, others answer 503, nobody 404${site?.missing}`,
  async () => {
    const clock = manualClock();
    const way = await openWay(Number(postgres.port), postgres.hostname);
    const place: RegistryPlace = { ...((await site?.make()) as RegistryPlace), port: way.port };
    const { tenancy, request, store } = await startProcess(registryAt(place), {
      clock,
      // What Redis has is no fresher, for nobody can tell whether it changed.
      ...(noRedis === "" && { cache: { redis: { url: redisUrl, prefix: ownPrefix() } } }),
    });
    const acme = await tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
    const globex = await tenancy.tenants.create({ slug: "globex", domains: ["globex.test"] });
    expect(await request("acme.test")).toBe(acme.id);

    await way.cut();
    const known = await request("acme.test");
    const unknown = [await codeOf(request("globex.test")), await codeOf(request("nobody.test"))];
    await clock.advance(29_000);
    const young = await request("acme.test");
    await clock.advance(2_000);
    const old = await codeOf(request("acme.test"));
    await way.restore();

    expect([known, young]).toEqual([acme.id, acme.id]);
    expect([...unknown, old]).toEqual([...Array<string>(3).fill("REGISTRY_UNAVAILABLE")]);
    await vi.waitFor(async () => expect(await request("acme.test")).toBe(acme.id), 10_000);
    expect(await request("globex.test")).toBe(globex.id);
    await vi.waitFor(async () => {
      await clock.advance(2_000);
      expect(store.stats().heardAllAgo).toBeLessThan(2_001);
    }, 10_000);
  },
);

it("hears of changes of others without Redis by reading them, and of those it missed", async () => {
  const place = await makeSqlite();
  const clock = manualClock();
  const here = await startProcess(registryAt(place), { clock });
  const there = await startProcess(registryAt(place));
  const acme = await there.tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
  const globex = await there.tenancy.tenants.create({ slug: "globex", domains: ["globex.test"] });
  expect([await here.request("acme.test"), await here.request("globex.test")]).toEqual([
    ...[acme.id, globex.id],
  ]);
  await codeOf(here.request("new.test"));

  await there.tenancy.tenants.block(acme.id);
  await there.tenancy.tenants.update(globex.id, { domains: ["new.test"] });
  await clock.advance(2_000);

  await vi.waitFor(async () => {
    expect(await codeOf(here.request("acme.test"))).toBe("TENANT_BLOCKED");
    expect(await codeOf(here.request("globex.test"))).toBe("TENANT_NOT_FOUND");
    expect(await codeOf(here.request("new.test"))).toBeUndefined();
  });
});

it("forgets everything where the registry is no longer the one that it was", async () => {
  const clock = manualClock();
  const registry = memoryRegistry({ clock });
  const { tenancy, store, asked } = await startProcess(registry, { clock });
  const acme = await tenancy.tenants.create({ slug: "acme" });
  await tenancy.tenants.update(acme.id, { plan: "large" });
  await clock.advance(2_000);
  await store.find({ by: "slug", value: "acme" });
  const { readAfter } = registry.changes;

  // As after a backup was put back: the latest changes are not there any more.
  const last = (await registry.changes.last()) - 1;
  Object.assign(registry.changes, {
    last: async () => last,
    readAfter: async (...[after, limit]: Parameters<typeof readAfter>) =>
      (await readAfter(after, limit)).filter(({ sequence }) => sequence <= last),
  });
  const before = asked();
  await clock.advance(2_000);

  await store.find({ by: "slug", value: "acme" });
  expect(asked() - before).toBe(1);
});

it.each(["the first change", "a later one"])(
  "forgets everything where changes that it had not heard of were removed as too old, from %s on",
  async (from) => {
    const place = await makeSqlite();
    const clock = manualClock();
    const registry = registryAt(place);
    const there = await startProcess(registry);
    if (from === "a later one") await there.tenancy.tenants.create({ slug: "globex" });
    const here = await startProcess(registryAt(place), { clock });
    await codeOf(here.request("acme.test"));

    const acme = await there.tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
    for (const plan of ["small", "large"]) await there.tenancy.tenants.update(acme.id, { plan });
    await registry.transaction(({ history }) => history.remove("changes", -60_000, 100));
    await clock.advance(2_000);

    await vi.waitFor(async () => expect(await here.request("acme.test")).toBe(acme.id));
  },
);

/** Changes a tenant as SQL written by hand does: no version, no word in the outbox. */
async function pastTheOutbox(
  registry: CentralRegistry,
  id: string,
  version: number,
): Promise<void> {
  await registry.transaction(({ tenants }) => tenants.update(id, version, { plan: "by hand" }));
}

/** A way to a server that can be cut off. */
async function openWay(port: number, host: string) {
  const sockets = new Set<Socket>();
  const listen = async (at: number): Promise<Server> => {
    const server = createServer((from) => {
      const to = connect(port, host);
      for (const socket of [from, to]) {
        sockets.add(socket);
        socket.on("error", () => undefined);
        socket.on("close", () => sockets.delete(socket));
      }
      from.pipe(to).pipe(from);
    });
    server.listen(at, "127.0.0.1");
    await once(server, "listening");
    return server;
  };
  let server = await listen(0);
  const way = {
    port: (server.address() as { readonly port: number }).port,
    async cut() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async restore() {
      server = await listen(way.port);
    },
  };
  onTestFinished(way.cut);
  return way;
}
