import { expect, it } from "vitest";
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
}

async function start(harness: AdapterHarness) {
  const watch = watchScopes();
  const tenancy = await startTenancy(harness, { bootstrappers: [watch.bootstrapper] });
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
function requestOf(i: number): string {
  const wait = i % 3 === 0 ? 2 : 0;
  return `GET / HTTP/1.1\r\nHost: ${slugs[i % 3]}.localhost\r\nX-N: ${i}\r\nX-Wait: ${wait}\r\n\r\n`;
}

function expected(i: number) {
  const slug = slugs[i % 3];
  return { before: slug, after: slug, n: String(i) };
}
