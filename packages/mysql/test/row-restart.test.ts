import { setTimeout } from "node:timers/promises";
import type { TenantRecord } from "@af-tenancy/core";
import { testScale } from "@af-tenancy/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { cannotStart, type OwnServer, startOwnServer } from "./own-server.ts";
import { missing, server } from "./server.ts";
import { siteForTest } from "./start-shared-tables.ts";

describe.skipIf(missing ?? cannotStart)("shared tables of a server that is restarted", () => {
  let own: OwnServer;
  beforeAll(async () => {
    own = await startOwnServer();
  }, 60_000);
  afterAll(() => own.stop());

  it("F084: serves every tenant again after a restart under load, and mixes none up", {
    timeout: 600_000,
  }, async () => {
    const site = await siteForTest({
      ...{ connection: { ...server, port: own.port }, maxConnections: 4, maxWait: 2_000 },
    });
    const { Note } = site.entities;
    const tenants: TenantRecord[] = [];
    for (let at = 0; at < 4; at++) tenants.push(await site.add());
    const served = new Map<string, number>();
    const kept = new Map<string, number>();
    const wrong: unknown[] = [];
    const stop = new AbortController();
    const load = tenants.map(async (tenant) => {
      while (!stop.signal.aborted) {
        const id = (kept.get(tenant.id) ?? 0) + 1;
        try {
          await site.run(tenant, async (em) => {
            await em.transactional((tx) => tx.upsert(Note, { id, text: tenant.id }));
            kept.set(tenant.id, id);
            const rows = await em.fork().find(Note, { id });
            wrong.push(...rows.filter(({ text }) => text !== tenant.id));
          });
          served.set(tenant.id, performance.now());
        } catch {
          await setTimeout(20);
        }
      }
    });

    for (let restart = 0; restart < Math.ceil(20 * testScale()); restart++) {
      await setTimeout(200);
      await own.restart(300);
      const back = performance.now();
      await vi.waitFor(
        () =>
          expect([...served.values()].filter((time) => time > back)).toHaveLength(tenants.length),
        { timeout: 15_000, interval: 10 },
      );
    }
    stop.abort();
    await Promise.all(load);

    expect(wrong).toEqual([]);
    for (const tenant of tenants) {
      const rows = await site.run(tenant, (em) => em.fork().count(Note, {}));
      expect(rows).toBeGreaterThanOrEqual(kept.get(tenant.id) ?? 1);
    }
    expect(site.db.stats()[0]).toMatchObject({ leased: 0, waiting: 0 });
  });
});
