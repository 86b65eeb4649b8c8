import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createTenancy, TENANT_CACHES, type Tenancy } from "@af-tenancy/core";
import { expect, it, onTestFinished } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { config } from "./support/application.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";

const redisUrl = process.env.AF_REDIS_URL ?? "redis://127.0.0.1:6379";

it("S048: warms what all processes share, after it was cleared, and tells time and success", async () => {
  const { folder } = await sharing();
  const tell = (argv: string) => jsonHere(argv.split(" "), folder);
  await tell("tenant create acme --domain acme.example.com,www.acme.com");
  await tell("tenant create globex");

  const cold = outputs.cache.parse(await tell("cache stats"));
  const rehearsed = outputs.warm.parse(await tell("cache warm --dry-run"));
  const said = await runHere(["cache", "warm"], folder);
  changeByHand(folder, "slug = 'globex-2' where slug = 'globex'");
  const warmed = outputs.warm.parse(await tell("cache warm --clear --stats"));
  const warm = await tell("cache stats");

  expect(cold).toMatchObject({ shared: { state: "up", size: { tenants: 0, references: 0 } } });
  expect(rehearsed).toMatchObject({ dryRun: true, tenants: 0, shared: { tenants: 0 } });
  expect(warmed).toMatchObject({
    ...{ dryRun: false, cleared: true, tenants: 2, references: 4 },
    milliseconds: expect.any(Number),
    shared: { tenants: 2, references: 4 },
  });
  expect(warm).toMatchObject({ shared: { size: { tenants: 2, references: 4 } } });
  expect(said.stdout).toMatch(/In Redis: 2 tenants under 4 names, in \d+ ms/);
});

it("S048: clears one tenant's look-ups and caches or everybody's, as running applications notice", async () => {
  const { folder, running } = await sharing();
  for (const slug of ["acme", "globex"]) await runHere(["tenant", "create", slug], folder);
  const tenancy = await running();
  const names = async () => [await nameOf(tenancy, "acme"), await nameOf(tenancy, "globex")];
  const kept = async () => [await keptOf(tenancy, "acme"), await keptOf(tenancy, "globex")];
  await names();
  for (const slug of ["acme", "globex"]) await keep(tenancy, slug);
  changeByHand(folder, "name = 'by hand'");

  const stale = await names();
  const rehearsed = await jsonHere(["cache", "clear", "--dry-run"], folder);
  const untouched = [await names(), await kept()];
  const one = await jsonHere(["cache", "clear", "--tenants", "acme"], folder);
  await expect.poll(names).toEqual(["by hand", "globex"]);
  const keptAfterOne = await kept();
  const lookups = await jsonHere(["cache", "clear", "--only", "lookups", "--yes"], folder);
  await expect.poll(names).toEqual(["by hand", "by hand"]);
  const keptAfterLookups = await kept();
  await jsonHere(["cache", "clear", "--only", "application", "--yes"], folder);

  expect(stale).toEqual(["acme", "globex"]);
  expect(outputs.fleet.parse(rehearsed)).toMatchObject({ dryRun: true });
  expect(untouched).toEqual([stale, ["kept", "kept"]]);
  expect(outputs.fleet.parse(one)).toMatchObject({
    tenants: [{ tenant: "acme", result: { lookups: true, application: ["default"] } }],
  });
  expect(keptAfterOne).toEqual([undefined, "kept"]);
  expect(lookups).toMatchObject({
    tenants: [{ result: { lookups: true, application: [] } }, { state: "done" }],
  });
  expect(keptAfterLookups).toEqual([undefined, "kept"]);
  expect(await kept()).toEqual([undefined, undefined]);
});

it("never says that it is done where Redis is away, or where nothing is shared", async () => {
  const away = await applicationHere({
    "tenancy.config.ts": sharingConfig("nobody", "redis://127.0.0.1:1"),
  });
  const alone = await applicationHere({
    "tenancy.config.ts": config(
      "",
      `import { cachedTenantStore } from "@af-tenancy/cache";`,
    ).replace("databases,\n", "databases, store: cachedTenantStore(),\n"),
  });
  await runHere(["tenant", "create", "acme"], alone);
  const at = (folder: string, argv: string) => runHere(argv.split(" "), folder);

  const [warmed, cleared, stats] = await Promise.all([
    at(away, "cache warm"),
    at(away, "cache clear --yes"),
    at(away, "cache stats"),
  ]);
  const none = await at(alone, "cache stats --json");

  for (const { code, stdout, stderr } of [warmed, cleared]) {
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("CACHE_UNAVAILABLE");
  }
  expect([stats.code, stats.stdout]).toEqual([1, expect.stringContaining("Redis is down")]);
  expect([none.code, JSON.parse(none.stdout).shared]).toEqual([0, null]);
  expect((await at(alone, "cache warm")).code).toBe(2);
  expect((await at(alone, "cache clear --only lookups --yes")).code).toBe(2);
  expect((await at(alone, "cache clear")).code).toBe(2);
  for (const [argv, text] of [
    ["cache clear --yes", "shares no look-ups through Redis"],
    ["cache clear --tenants acme --dry-run", "shares no look-ups through Redis"],
    ["cache clear --tenants acme --only application", "keeps no caches for its tenants"],
  ] as const) {
    const { code, stderr } = await at(alone, argv);
    expect([code, stderr], argv).toEqual([2, expect.stringContaining(text)]);
  }
});

/** An application that shares look-ups and caches through Redis, and a process of it that runs. */
async function sharing() {
  const prefix = `aft-${randomBytes(6).toString("hex")}`;
  const folder = await applicationHere({ "tenancy.config.ts": sharingConfig(prefix, redisUrl) });
  onTestFinished(async () => {
    await runHere(["cache", "clear", "--yes"], folder);
  });
  const running = async () => {
    const { default: make } = await import(join(folder, "tenancy.config.ts"));
    const tenancy = createTenancy(make());
    await tenancy.start();
    onTestFinished(() => tenancy.close());
    return tenancy;
  };
  return { folder, running };
}

function sharingConfig(prefix: string, url: string): string {
  const imports = `
import { cacheBootstrapper } from "@af-tenancy/bootstrappers/cache";
import { applicationCaches, cachedTenantStore, redisCache } from "@af-tenancy/cache";`;
  return config("", imports).replace(
    "databases,\n",
    `databases,
    store: cachedTenantStore({ redis: { url: "${url}", prefix: "${prefix}" } }),
    bootstrappers: [cacheBootstrapper(applicationCaches({ stores: { default: redisCache({ url: "${url}", prefix: "${prefix}-app" }) } }))],
`,
  );
}

async function nameOf(tenancy: Tenancy, slug: string): Promise<string | undefined> {
  return (await tenancy.find({ by: "slug", value: slug }))?.name;
}

function keep(tenancy: Tenancy, slug: string): Promise<boolean> {
  const work = () => tenancy.get(TENANT_CACHES).cache().set("key", "kept");
  return tenancy.run({ by: "slug", value: slug }, work);
}

function keptOf(tenancy: Tenancy, slug: string): Promise<unknown> {
  const work = () => tenancy.get(TENANT_CACHES).cache().get("key");
  return tenancy.run({ by: "slug", value: slug }, work);
}

/** No change of the registry that anybody could follow. */
function changeByHand(folder: string, what: string): void {
  const registry = new DatabaseSync(join(folder, "data/registry.sqlite"));
  registry.exec(`update tenants set ${what}`);
  registry.close();
}
