import { errorResponse } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { codeThrownBy } from "../support/thrown-by.ts";
import { counting, slugs, startFleet } from "./start-fleet.ts";

describe("a plan and its neighbours", () => {
  it("leaves a tenant alone while another operation is open for it", async () => {
    const { fleet, add, rows, registry, settle } = await startFleet();
    for (const slug of ["a", "b"]) await add(slug);
    await registry.transaction(({ operations }) =>
      operations.open({
        ...{ id: "op", tenantId: "a", kind: "backup", generation: 1, input: null },
        ...{ idempotencyKey: undefined, actor: undefined },
      }),
    );
    const { id } = await fleet.begin();

    const report = await settle(fleet.run(id));

    expect(report).toMatchObject({ verdict: "done", counts: { done: 1, skipped: 1 } });
    expect(report.left[0]?.result?.failure?.code).toBe("OPERATION_IN_FLIGHT");
    expect(report.left[0]?.result?.failure?.message).toContain("backup");
    expect(rows("a").size).toBe(0);
  });

  it("takes a tenant that was purged meanwhile for gone", async () => {
    let purge: (() => Promise<unknown>) | undefined;
    const { fleet, add, tenancy, read } = await startFleet([
      counting("0001-notes", async (rows) => {
        if (rows.has("0002-none")) return;
        const now = purge;
        purge = undefined;
        await now?.();
      }),
    ]);
    for (const slug of ["a", "b", "c"]) await add(slug);
    const { id } = await fleet.begin();
    await tenancy.tenants.purge("b", { skipGrace: true });
    purge = () => tenancy.tenants.purge("c", { skipGrace: true });

    const report = await fleet.run(id, { concurrency: 1 });

    expect(report).toMatchObject({ verdict: "done" });
    expect(report.left.map(({ tenantId, state }) => `${tenantId} ${state}`)).toContain("b gone");
    expect(await read("c")).toBeUndefined();
    expect((await read("a"))?.schemaVersion).toBe("0001-notes");
  });

  it("opens no database of a tenant that is being purged, or was brought there by somebody else", async () => {
    const { fleet, add, registry, databases, rows } = await startFleet();
    const [leaving, done] = [await add("leaving"), await add("done")];
    const { id } = await fleet.begin();
    await registry.transaction(async ({ tenants }) => {
      await tenants.update("leaving", leaving.version, { status: "deleting" });
      await tenants.update("done", done.version, { schemaVersion: "0002-tags" });
    });
    const { placement } = done;
    if (placement !== undefined) {
      await databases.manager(placement).drop({ tenantId: "done", placement });
    }

    const report = await fleet.run(id);

    expect(report).toMatchObject({ verdict: "done", counts: { gone: 1, done: 1 } });
    expect(rows("leaving").size).toBe(0);
  });

  it("S101: puts tenants into maintenance while they are migrated, and takes only them out of it", async () => {
    const seen: unknown[] = [];
    const own = { message: "Closed by us.", retryAfter: 5 };
    const maintenance = { message: "Updating.", retryAfter: 30 };
    const { fleet, add, rows, read } = await startFleet([
      counting("0001-notes", async (tenant) => {
        seen.push((await read(String(tenant.get("slug"))))?.maintenance);
        if (tenant.has("bad")) throw new TypeError("on purpose");
      }),
    ]);
    await add("a");
    await add("b", { maintenance: own });
    await add("c");
    for (const slug of ["a", "b", "c"]) rows(slug).set("slug", slug);
    rows("c").set("bad", true);

    const { id } = await fleet.begin({ maintenance });
    await fleet.run(id, { concurrency: 1 });

    expect(seen).toEqual([maintenance, own, maintenance]);
    expect((await read("a"))?.maintenance).toBeUndefined();
    expect((await read("b"))?.maintenance).toEqual(own);
    expect((await read("c"))?.maintenance).toEqual(maintenance);
    rows("c").delete("bad");
    await fleet.release(id);
    await fleet.run(id);
    expect((await read("c"))?.maintenance).toBeUndefined();
  });

  it("S035: shows what it would run, once for all that get the same, and changes nothing", async () => {
    const { fleet, add, rows, read } = await startFleet();
    for (const slug of ["a", "b", "c"]) await add(slug);
    await fleet.run((await fleet.begin({ tenants: slugs("b"), steps: 1 })).id);

    const preview = await fleet.preview();
    const back = await fleet.preview({ direction: "down", tenants: slugs("b") });

    expect(preview).toEqual([
      { migrations: ["0001-notes", "0002-tags"], sql: undefined, tenants: ["a", "c"] },
      { migrations: ["0002-tags"], sql: undefined, tenants: ["b"] },
    ]);
    expect(back).toEqual([{ migrations: ["0001-notes"], sql: undefined, tenants: ["b"] }]);
    expect(rows("a").size).toBe(0);
    expect(await read("b")).toMatchObject({ schemaVersion: "0001-notes" });
    expect(await fleet.plans()).toHaveLength(1);
  });

  it("S101: tells how far it is after each tenant, and its end, whatever listeners throw", async () => {
    const { fleet, add, tenancy } = await startFleet();
    for (const slug of ["a", "b"]) await add(slug);
    const told: string[] = [];
    tenancy.events.on("migrationTurn", ({ tenant, isOver }) => {
      told.push(`${isOver ? "after" : "before"} ${tenant.tenantId} ${tenant.state}`);
      throw new TypeError("a listener that fails");
    });
    tenancy.events.on("migrationProgress", ({ tenant, position }) => {
      const names = tenant.result?.migrations.map(({ name }) => name);
      told.push(`${position} ${tenant.tenantId} ${tenant.state} ${names}`);
      throw new TypeError("a listener that fails");
    });
    tenancy.events.on("failure", () => {});
    tenancy.events.on("migrationEnded", ({ report }) => void told.push(report.verdict));

    const { id } = await fleet.begin({ canary: 1 }); // two waves
    await fleet.run(id, { concurrency: 1 });

    expect(told).toEqual([
      ...["before a waiting", "after a done"],
      "1 a done 0001-notes,0002-tags",
      ...["before b waiting", "after b done"],
      "2 b done 0001-notes,0002-tags",
      "done",
    ]);
  });

  it("opens no database of a tenant that the registry knows to be up to date, unless it is told to look", async () => {
    const { fleet, add, rows, tenancy, read } = await startFleet();
    const made = await tenancy.tenants.create({ slug: "made" });
    await add("liar", { schemaVersion: "0002-tags" });
    await add("newer", { schemaVersion: "0009-later" });

    const summary = await fleet.summary();
    const trusting = await fleet.run((await fleet.begin()).id);
    const looking = await fleet.run((await fleet.begin({ force: true })).id);

    expect(made.schemaVersion).toBe("0002-tags");
    expect(summary).toMatchObject({ upToDate: 3, behind: 0 });
    expect(trusting).toMatchObject({ verdict: "done", counts: { upToDate: 3, done: 0 } });
    expect(looking.counts).toMatchObject({ upToDate: 0, done: 3 });
    expect(Object.fromEntries(rows("liar"))).toEqual({ "0001-notes": 1, "0002-tags": 1 });
    expect((await read("made"))?.version).toBe(made.version);
  });

  it("tells how far one tenant is, and passes on what became of a dirty one", async () => {
    const { fleet, add } = await startFleet();
    await add("a");

    expect(await fleet.status("a")).toMatchObject({ pending: ["0001-notes", "0002-tags"] });
    await expect(fleet.resolve("a", "0001-notes", "applied")).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("cut off"),
    });
    const wrong = () => fleet.resolve("a", "0001-notes", "later" as "applied");
    expect(await codeThrownBy(wrong)).toBe("INVALID_INPUT");
  });

  it.each([
    { direction: "sideways" },
    { direction: "fresh", steps: 1 },
    { steps: 0 },
    { tenants: [] },
    { tenants: ["acme"] },
    { tenants: [...slugs("a"), { by: "id", value: "a" }] },
    { canary: -1 },
    { canary: [] },
    { waveSize: 0 },
    { waveSize: 1.5 },
    { maxFailedShare: 1.1 },
    { stopAtFirst: 1 },
    { retries: 21 },
    { lockMs: 0 },
    { timeoutMs: "1s" },
    { maintenance: { message: "", retryAfter: 1 } },
    { maintenance: { message: "Back soon", retryAfter: 1, from: 8.64e15 } },
    { maintenance: { message: "Back soon", retryAfter: 1, until: 8.64e15 } },
    { wave: 1 },
  ])("refuses %j before anything is written", async (options) => {
    const { fleet, add } = await startFleet();
    await add("a");

    expect(await codeThrownBy(() => fleet.begin(options as object))).toBe("INVALID_INPUT");
    expect(await fleet.plans()).toEqual([]);
  });

  it("refuses plans that are not there, numbers that are none, and databases without migrations", async () => {
    const { fleet } = await startFleet();
    const { id } = await fleet.begin();

    expect(await codeThrownBy(() => fleet.run("nothing"))).toBe("MIGRATION_PLAN_NOT_FOUND");
    expect(await codeThrownBy(() => fleet.report("nothing"))).toBe("MIGRATION_PLAN_NOT_FOUND");
    expect(await codeThrownBy(() => fleet.run(id, { concurrency: 0 }))).toBe("INVALID_INPUT");
    expect(await codeThrownBy(() => fleet.plans(0))).toBe("INVALID_INPUT");
    expect(await codeThrownBy(() => fleet.begin({ tenants: slugs("nobody") }))).toBe(
      "TENANT_NOT_FOUND",
    );
  });
});

it("F074: a request of a tenant that is behind gets 503 until it is migrated, and nobody else's does", async () => {
  const { fleet, add, tenancy } = await startFleet();
  await add("acme");
  await tenancy.tenants.create({ slug: "globex" });
  const get = async (slug: string) => {
    const request = { method: "GET", url: `/${slug}`, rawHeaders: [], remoteAddress: undefined };
    const next = () => tenancy.current()?.slug;
    const exchange = { request, mode: "tenant", next, onClosed: () => {} } as const;
    try {
      return await tenancy.handle(exchange);
    } catch (error) {
      return errorResponse(error);
    }
  };

  const before = await get("acme");
  const other = await get("globex");
  const inside = await tenancy.run("acme", () => tenancy.current()?.slug);
  await fleet.run((await fleet.begin()).id);

  expect(before).toMatchObject({ status: 503, headers: { "retry-after": "10" } });
  expect(JSON.stringify(before)).toContain("TENANT_OUTDATED");
  expect([other, inside, await get("acme")]).toEqual(["globex", "acme", "acme"]);
});
