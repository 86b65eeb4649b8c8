import type { TenantRecord } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { tenantRecord } from "../fixtures/tenant-record.ts";
import { testScale } from "../fixtures/test-scale.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import { answersIn, connectRaw } from "./raw-connection.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy, watchScopes } from "./start-tenancy.ts";

const slugs = ["acme", "globex", "acme"];

/** Checks that requests on one connection do not meet. */
export function connectionTests(harness: AdapterHarness): void {
  it("F041: alternates tenants on one connection that is kept alive", async () => {
    const { app } = await start(harness);
    const connection = await connectRaw(app.port);
    const rounds = Math.ceil(1_000 * testScale());

    for (let i = 0; i < rounds; i++) {
      connection.socket.write(requestOf(i));
      await connection.until(`"n":"${i}"}`);
    }
    connection.socket.destroy();

    expect(answersIn(connection.received()).map(({ body }) => JSON.parse(body))).toEqual(
      Array.from({ length: rounds }, (_, i) => expected(i)),
    );
  });

  it("F041: answers pipelined requests of several tenants in order, each in its tenant", async () => {
    const { app, watch } = await start(harness);
    const connection = await connectRaw(app.port);
    const count = 30;

    connection.socket.write(Array.from({ length: count }, (_, i) => requestOf(i)).join(""));
    await connection.until(`"n":"${count - 1}"}`);
    connection.socket.destroy();

    expect(answersIn(connection.received()).map(({ body }) => JSON.parse(body))).toEqual(
      Array.from({ length: count }, (_, i) => expected(i)),
    );
    expect(watch.entered.sort()).toEqual(
      Array.from({ length: count }, (_, i) => slugs[i % 3]).sort(),
    );
  });

  it("G2: many connections over fifty tenants get answers, and never another one's", async () => {
    const more = Array.from({ length: 50 }, (_, i) => tenantRecord({ slug: `t${i}` }));
    const { app } = await start(harness, more);
    const users = Math.ceil(1_000 * testScale());
    const wrong: unknown[] = [];

    await Promise.all(
      Array.from({ length: users }, async (_, user) => {
        const slug = `t${user % 50}`;
        const connection = await connectRaw(app.port);
        for (let i = 0; i < 5; i++) {
          connection.socket.write(requestOf(i, slug));
          await connection.until(`"n":"${i}"}`);
        }
        connection.socket.destroy();
        for (const { status, body } of answersIn(connection.received())) {
          const { before, after } = JSON.parse(body) as { before: string; after: string };
          if (status !== 200 || before !== slug || after !== slug) wrong.push({ slug, body });
        }
      }),
    );

    expect(wrong).toEqual([]);
  });
}

async function start(harness: AdapterHarness, more: readonly TenantRecord[] = []) {
  const watch = watchScopes();
  const tenancy = await startTenancy(harness, { bootstrappers: [watch.bootstrapper], more });
  const app = await runApplication(harness, {
    tenancy,
    routes: [
      {
        method: "GET",
        path: "/",
        async handle({ request }) {
          const before = tenancy.currentOrFail().slug;
          await new Promise((resolve) => setTimeout(resolve, Number(request.headers["x-wait"])));
          return { before, after: tenancy.currentOrFail().slug, n: request.headers["x-n"] };
        },
      },
    ],
  });
  return { app, watch };
}

/** Earlier ones wait longer, so that later ones are done first. */
function requestOf(i: number, slug = slugs[i % 3]): string {
  const wait = i % 3 === 0 ? 2 : 0;
  return `GET / HTTP/1.1\r\nHost: ${slug}.localhost\r\nX-N: ${i}\r\nX-Wait: ${wait}\r\n\r\n`;
}

function expected(i: number) {
  const slug = slugs[i % 3];
  return { before: slug, after: slug, n: String(i) };
}
