import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { TenantRecord } from "@af-tenancy/core";
import { testScale } from "@af-tenancy/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { serversAreMissing } from "./fleet-servers.ts";
import { openPipeline } from "./storm/pipeline.ts";
import { type Answer, frameworks } from "./storm/serve-notes.ts";
import { canary, notesEach, type Storm, startStorm } from "./storm/start-storm.ts";

const connections = 64;
const atOnce = 8;
const missing = (await serversAreMissing()) ? " (skipped: a database server does not answer)" : "";

describe.skipIf(missing !== "")(`requests for tenants of all databases${missing}`, () => {
  let storm: Storm;
  beforeAll(async () => {
    storm = await startStorm();
  });
  afterAll(() => storm.stop());

  it.each(Object.keys(frameworks))(
    "G2: get answers of their own tenant alone, pipelined on connections that are kept alive: %s",
    async (framework) => {
      const seed = Number(process.env.AF_TEST_SEED ?? Date.now() % 1_000_000);
      const below = numbersFrom(seed);
      const port = await listen(framework, storm);
      const perDatabase = Math.ceil(20_000 * testScale());
      let left = perDatabase * 3;
      const answered = new Map<string, number>();
      const wrong: unknown[] = [];

      const visit = async () => {
        const pipeline = await openPipeline(port);
        while (left > 0) {
          const asked = Array.from({ length: Math.min(atOnce, left) }, () => question(below));
          left -= asked.length;
          const answers = await pipeline.ask(asked.map(({ request }) => request));
          for (const [at, { tenant, id }] of asked.entries()) {
            const { status = 0, body = "" } = answers[at] ?? {};
            if (!isOwn(status, body, tenant, id)) wrong.push({ tenant: tenant.slug, id, body });
            const driver = tenant.placement?.driver ?? "none";
            answered.set(driver, (answered.get(driver) ?? 0) + 1);
          }
        }
        pipeline.close();
      };
      await Promise.all(Array.from({ length: connections }, visit));

      expect({ seed, wrong: wrong.slice(0, 5) }).toEqual({ seed, wrong: [] });
      expect([...answered.keys()].sort()).toEqual(["mysql", "postgresql", "sqlite"]);
      for (const [driver, count] of answered) {
        expect(count, driver).toBeGreaterThan(perDatabase * 0.8);
      }
    },
  );

  function question(below: (limit: number) => number) {
    const tenant = storm.tenants[below(storm.tenants.length)] as TenantRecord;
    const id = 1 + below(notesEach);
    const method = below(5) === 0 ? "PUT" : "GET";
    const headers = `Host: ${tenant.slug}.example.com\r\nContent-Length: 0\r\n`;
    return { tenant, id, request: `${method} /notes/${id} HTTP/1.1\r\n${headers}\r\n` };
  }
});

function isOwn(status: number, body: string, { slug }: TenantRecord, id: number): boolean {
  if (status !== 200) return false;
  const answer = JSON.parse(body) as Answer;
  return answer.slug === slug && answer.text.startsWith(canary(slug, id));
}

async function listen(framework: string, storm: Storm): Promise<number> {
  const server = await frameworks[framework]?.(storm);
  if (server === undefined) return expect.unreachable();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Whole numbers below a limit, the same ones for the same seed. */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % limit;
  };
}
