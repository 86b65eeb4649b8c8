import { Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { gate } from "../suite/gate.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import { connectRaw } from "./raw-connection.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy, watchScopes } from "./start-tenancy.ts";

/** Checks that the scope of a request lasts as long as its answer is written. */
export function streamTests(harness: AdapterHarness): void {
  it("F042 F010: streams in the tenant, whose scope is left behind the last piece", async () => {
    const watch = watchScopes();
    const tenancy = await startTenancy(harness, { bootstrappers: [watch.bootstrapper] });
    const gates = { acme: gate(), globex: gate() };
    const seen: string[] = [];
    async function* pieces() {
      const { slug } = tenancy.currentOrFail();
      yield `${slug} `;
      await gates[slug as keyof typeof gates].opened;
      seen.push(`${slug} left: ${watch.left}`);
      yield tenancy.currentOrFail().slug;
    }
    const app = await runApplication(harness, {
      tenancy,
      routes: [
        {
          method: "GET",
          path: "/",
          handle: () => Readable.from(tenancy.bindIterator(pieces())),
        },
      ],
    });

    const acme = app.ask("acme.localhost", "/");
    const globex = app.ask("globex.localhost", "/");
    await vi.waitFor(() => expect(watch.entered).toHaveLength(2));
    gates.acme.open();
    expect((await acme).text).toBe("acme acme");
    await vi.waitFor(() => expect(watch.left).toEqual(["acme"]));
    gates.globex.open();

    expect((await globex).text).toBe("globex globex");
    await vi.waitFor(() => expect(watch.left).toEqual(["acme", "globex"]));
    expect(seen).toEqual(["acme left: ", "globex left: acme"]);
  });

  it("F042: server-sent events keep their tenant until the client leaves, which ends the scope once", async () => {
    const watch = watchScopes();
    const tenancy = await startTenancy(harness, { bootstrappers: [watch.bootstrapper] });
    const app = await runApplication(harness, {
      tenancy,
      routes: [
        {
          method: "GET",
          path: "/events",
          byHand: true,
          handle({ response }) {
            response.writeHead(200, { "content-type": "text/event-stream" });
            const tell = () => response.write(`data: ${tenancy.currentOrFail().slug}\n\n`);
            const timer = setInterval(tell, 2);
            response.on("close", () => clearInterval(timer));
            tell();
          },
        },
      ],
    });
    const clients = await Promise.all(
      ["acme", "globex"].map(async (slug) => {
        const client = await connectRaw(app.port);
        client.socket.write(`GET /events HTTP/1.1\r\nHost: ${slug}.localhost\r\n\r\n`);
        return client;
      }),
    );

    for (const client of clients) {
      await vi.waitFor(() => expect(client.received().match(/data:/g)?.length).toBeGreaterThan(3));
    }
    expect(watch.left).toEqual([]);
    expect(clients[0]?.received()).not.toContain("globex");
    expect(clients[1]?.received()).not.toContain("acme");
    clients[0]?.socket.destroy();
    await vi.waitFor(() => expect(watch.left).toEqual(["acme"]));
    clients[1]?.socket.resetAndDestroy();

    await vi.waitFor(() => expect(watch.left).toEqual(["acme", "globex"]));
  });

  it("F040: an error after the headers cuts the answer short, is told with its tenant, and ends the scope once", async () => {
    const watch = watchScopes();
    const tenancy = await startTenancy(harness, { bootstrappers: [watch.bootstrapper] });
    const failures: unknown[] = [];
    tenancy.events.on("failure", ({ error, tenantId }) => void failures.push({ error, tenantId }));
    const error = new RangeError("broken");
    const app = await runApplication(harness, {
      tenancy,
      routes: [
        {
          method: "GET",
          path: "/",
          byHand: true,
          async handle({ response }) {
            response.writeHead(200, { "content-length": 100 });
            response.write("half");
            await new Promise((resolve) => setTimeout(resolve, 5));
            throw error;
          },
        },
      ],
    });

    await expect(app.ask("acme.localhost", "/")).rejects.toThrow(/aborted|hang up|reset/);
    await vi.waitFor(() => expect(watch.left).toEqual(["acme"]));

    const acme = await tenancy.find({ by: "slug", value: "acme" });
    expect(failures).toEqual([{ error, tenantId: acme?.id }]);
  });
}
