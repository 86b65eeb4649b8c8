import type { Tenancy, Tenant } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import type { AdapterHarness, AdapterRoute } from "./adapter-harness.ts";
import { connectRaw } from "./raw-connection.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy } from "./start-tenancy.ts";

/** Checks that the tenant stays the same while a body arrives, whoever reads it. */
export function bodyTests(harness: AdapterHarness): void {
  describe.each([false, true])("F038: parsers before the adapter: %s", (parsersFirst) => {
    it("has the tenant behind a parsed body", async () => {
      const tenancy = await startTenancy(harness);
      const app = await runApplication(harness, { tenancy, parsersFirst, routes: [echo(tenancy)] });

      const answer = await app.ask("acme.localhost", "/echo", { body: '{"a":1}' });

      expect(answer.json).toEqual({ slug: "acme", body: { a: 1 } });
    });

    it("has the tenant behind bodies that arrive piece by piece, beside another one's", async () => {
      const tenancy = await startTenancy(harness);
      const app = await runApplication(harness, { tenancy, parsersFirst, routes: [echo(tenancy)] });
      const acme = await connectRaw(app.port);
      const globex = await connectRaw(app.port);

      acme.socket.write(chunked("acme.localhost", "/echo", "application/json"));
      globex.socket.write(chunked("globex.localhost", "/echo", "application/json"));
      for (const piece of ["[", "1,", "2", "]"]) {
        for (const { socket } of [acme, globex]) {
          socket.write(`${piece.length}\r\n${piece}\r\n`);
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }
      acme.socket.write("0\r\n\r\n");
      const first = await acme.until("}");
      globex.socket.write("0\r\n\r\n");
      const second = await globex.until("}");

      expect(first).toContain('{"slug":"acme","body":[1,2]}');
      expect(second).toContain('{"slug":"globex","body":[1,2]}');
      for (const { socket } of [acme, globex]) socket.destroy();
    });
  });

  it.each([
    ["for await", readAll],
    ["bound listeners", listen],
  ])("F038 F009: reads a multipart stream by %s in the tenant", async (_way, read) => {
    const tenancy = await startTenancy(harness);
    const route: AdapterRoute = {
      method: "POST",
      path: "/upload",
      byHand: true,
      async handle({ request, response }) {
        const seen = await read(tenancy, request);
        response.end(JSON.stringify({ seen, after: tenancy.currentOrFail().slug }));
      },
    };
    const app = await runApplication(harness, { tenancy, routes: [route] });
    const acme = await connectRaw(app.port);
    const globex = await connectRaw(app.port);

    const all = [
      ["acme", acme],
      ["globex", globex],
    ] as const;
    for (const [slug, { socket }] of all) {
      socket.write(chunked(`${slug}.localhost`, "/upload", "multipart/form-data; boundary=x"));
    }
    for (let i = 0; i < 3; i++) {
      for (const [, { socket }] of all) socket.write("3\r\nabc\r\n");
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    acme.socket.write("0\r\n\r\n");
    const first = await acme.until("}");
    globex.socket.write("0\r\n\r\n");
    const second = await globex.until("}");

    expect(first).toContain('{"seen":["acme"],"after":"acme"}');
    expect(second).toContain('{"seen":["globex"],"after":"globex"}');
    for (const [, { socket }] of all) socket.destroy();
  });

  it("F144: answers a body that is too large with 413, and serves the next one", async () => {
    const tenancy = await startTenancy(harness);
    const app = await runApplication(harness, { tenancy, routes: [echo(tenancy)] });
    const body = JSON.stringify({ text: "a".repeat(2_000_000) });

    const answer = await app.ask("acme.localhost", "/echo", { body });

    expect(answer).toMatchObject({ status: 413, json: { error: { code: "PAYLOAD_TOO_LARGE" } } });
    expect((await app.ask("acme.localhost", "/echo", { body: "{}" })).status).toBe(200);
  });
}

function echo(tenancy: Tenancy<Tenant>): AdapterRoute {
  return {
    method: "POST",
    path: "/echo",
    handle: ({ body }) => ({ slug: tenancy.currentOrFail().slug, body }),
  };
}

function chunked(host: string, path: string, type: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;
}

type Read = (
  tenancy: Tenancy<Tenant>,
  request: Parameters<AdapterRoute["handle"]>[0]["request"],
) => Promise<readonly string[]>;

async function readAll(...[tenancy, request]: Parameters<Read>): Promise<readonly string[]> {
  const seen = new Set<string>();
  for await (const _chunk of request) seen.add(tenancy.currentOrFail().slug);
  return [...seen];
}

function listen(...[tenancy, request]: Parameters<Read>): Promise<readonly string[]> {
  const seen = new Set<string>();
  const note = () => void seen.add(tenancy.current()?.slug ?? "none");
  return new Promise((resolve) => {
    tenancy
      .bindEmitter(request)
      .on("data", note)
      .on("end", () => {
        note();
        resolve([...seen]);
      });
  });
}
