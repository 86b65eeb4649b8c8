import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  errorResponse,
  HttpRequest,
  onClosed,
  refuseMalformed,
  type Tenancy,
  type Tenant,
} from "@af-tenancy/core";
import { expect, it } from "vitest";
import type { AdapterCall, AdapterHarness } from "./adapter-harness.ts";
import { hostileTable } from "./hostile-table.ts";
import { sendRaw } from "./raw-connection.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy, watchScopes } from "./start-tenancy.ts";

/**
 * Checks that a framework answers hostile requests with the status and the bytes of a bare server of Node on the same
 * tenancy, and so as every other framework does.
 */
export function hostileTests(harness: AdapterHarness): void {
  it("F021 F022 F031 F048 F050 G8: answers hostile requests as a bare server does, byte by byte", async () => {
    const bare = await start(harness, true);
    const framework = await start(harness, false);
    const table = hostileTable();
    const different: unknown[] = [];
    const opened: unknown[] = [];

    for (const { name, bytes } of table) {
      const expected = await bare.send(bytes);
      const actual = await framework.send(bytes);
      const { status, body, entered, denied } = actual;
      const isSame =
        status === expected.status &&
        entered === expected.entered &&
        denied === expected.denied &&
        (body === expected.body || !expected.answered);
      if (!isSame) different.push({ name, expected, actual });
      if (!actual.reached && (entered !== "" || denied > 0)) opened.push({ name, actual });
    }

    expect(table.length).toBeGreaterThanOrEqual(150);
    expect(different).toEqual([]);
    expect(opened).toEqual([]);
  });
}

async function start(harness: AdapterHarness, isBare: boolean) {
  const watch = watchScopes();
  const counts = { denied: 0, reached: 0, answered: 0 };
  const tenancy = await startTenancy(harness, { bootstrappers: [watch.bootstrapper] });
  tenancy.events.on("denied", () => void counts.denied++);
  tenancy.events.on("failure", () => undefined);
  const answer: Answering = async ({ request }) => {
    for await (const _piece of request); // so that a body that breaks off is found before the answer
    return { slug: tenancy.current()?.slug ?? null };
  };
  const app = await runApplication(isBare ? bareHarness(harness, tenancy, answer) : harness, {
    tenancy,
    routes: [],
    fallback: answer,
  });
  app.server.on("request", (_request, response) => {
    counts.reached++;
    response.on("finish", () => counts.answered++);
  });
  return {
    async send(bytes: string) {
      const before = { ...counts, entered: watch.entered.length };
      const received = (await sendRaw(app.port, bytes)).replace(/^HTTP\/1.1 100 .*?\r\n\r\n/s, "");
      const end = received.indexOf("\r\n\r\n");
      return {
        status: received.slice(9, 12),
        body: end < 0 ? "" : received.slice(end + 4),
        reached: counts.reached > before.reached,
        answered: counts.answered > before.answered,
        entered: watch.entered.slice(before.entered).join(),
        denied: counts.denied - before.denied,
      };
    },
  };
}

type Answering = (call: Pick<AdapterCall, "request">) => Promise<object>;

/** The same application on `node:http` alone. */
function bareHarness(
  harness: AdapterHarness,
  tenancy: Tenancy<Tenant>,
  answer: Answering,
): AdapterHarness {
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const send = (status: number, body: object, headers = {}) => {
      const text = JSON.stringify(body);
      const length = Buffer.byteLength(text);
      response.writeHead(status, { ...headers, "content-length": length }).end(text);
    };
    try {
      await tenancy.handle({
        request: new HttpRequest(request, request.url ?? ""),
        mode: "universal",
        next: async () => send(200, await answer({ request })),
        onClosed: (told) => onClosed(response, told),
      });
    } catch (error) {
      const { status, headers, body } = errorResponse(error);
      send(status, body, headers);
    }
  };
  return {
    ...harness,
    serve: () => ({
      server: createServer(
        { requireHostHeader: false },
        refuseMalformed((request, response) => void listener(request, response)),
      ),
    }),
  };
}
