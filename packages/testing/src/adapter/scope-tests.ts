import { expect, it, vi } from "vitest";
import { codeOf } from "../suite/code-of.ts";
import { gate } from "../suite/gate.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import { connectRaw } from "./raw-connection.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy, watchScopes } from "./start-tenancy.ts";

/** Checks that a request is handled once and its scope ended once, when everything of it is over. */
export function scopeTests(harness: AdapterHarness): void {
  it("F044: runs a handler once, and ends the scope once, after the response is closed", async () => {
    const watch = watchScopes();
    const tenancy = await startTenancy(harness, { bootstrappers: [watch.bootstrapper] });
    const begun = gate();
    const go = gate();
    let handled = 0;
    const app = await runApplication(harness, {
      tenancy,
      routes: [
        {
          method: "GET",
          path: "/",
          async handle() {
            handled++;
            begun.open();
            await go.opened;
            return { slug: tenancy.currentOrFail().slug, left: [...watch.left] };
          },
        },
      ],
    });

    const asked = app.ask("acme.localhost", "/");
    await begun.opened;
    go.open();

    expect((await asked).json).toEqual({ slug: "acme", left: [] });
    await vi.waitFor(() => expect(watch.left).toEqual(["acme"]));
    expect(watch.entered).toEqual(["acme"]);
    expect(handled).toBe(1);
  });

  it("leaves the tenant after each request, whatever became of it", async () => {
    const watch = watchScopes();
    const tenancy = await startTenancy(harness, { bootstrappers: [watch.bootstrapper] });
    const handle = () => JSON.parse("{");
    tenancy.events.on("failure", () => undefined);
    const app = await runApplication(harness, {
      tenancy,
      routes: [
        { method: "GET", path: "/broken", handle },
        { method: "GET", path: "/central", only: "central", handle },
      ],
    });

    await app.ask("acme.localhost", "/broken");
    await app.ask("acme.localhost", "/nothing");
    await app.ask("acme.localhost", "/central");

    await vi.waitFor(() => expect(watch.left).toEqual(["acme", "acme", "acme"]));
    expect(watch.entered).toEqual(["acme", "acme", "acme"]);
  });

  it("enters nothing for what is refused", async () => {
    const watch = watchScopes();
    const tenancy = await startTenancy(harness, { bootstrappers: [watch.bootstrapper] });
    const app = await runApplication(harness, { tenancy, mode: "central", routes: [] });

    await app.ask("acme.localhost", "/");
    await app.ask("nobody.localhost", "/");

    expect(watch.entered).toEqual([]);
  });

  it("F039: a client that leaves in the middle of a handler ends the scope once, and its signal tells so", async () => {
    const watch = watchScopes();
    const began = gate();
    const go = gate();
    const seen: unknown[] = [];
    const tenancy = await startTenancy(harness, {
      bootstrappers: [
        watch.bootstrapper,
        {
          name: "signal",
          bootstrap: ({ signal }) => signal.addEventListener("abort", () => seen.push("signal")),
        },
      ],
    });
    tenancy.events.on("failure", () => undefined);
    const settled = gate();
    const app = await runApplication(harness, {
      tenancy,
      routes: [
        {
          method: "GET",
          path: "/",
          async handle() {
            began.open();
            await go.opened;
            try {
              tenancy.current();
            } catch (error) {
              seen.push(codeOf(error));
            }
            settled.open();
            return {};
          },
        },
      ],
    });
    const client = await connectRaw(app.port);
    client.socket.write("GET / HTTP/1.1\r\nHost: acme.localhost\r\n\r\n");
    await began.opened;

    client.socket.resetAndDestroy();
    await vi.waitFor(() => expect(watch.left).toEqual(["acme"]));
    go.open();
    await settled.opened;

    expect(seen).toEqual(["signal", "CONTEXT_ENDED"]);
    expect(watch.left).toEqual(["acme"]);
  });

  it("F006: background work keeps the scope open behind the response", async () => {
    const watch = watchScopes();
    const tenancy = await startTenancy(harness, { bootstrappers: [watch.bootstrapper] });
    const go = gate();
    const seen: string[] = [];
    const app = await runApplication(harness, {
      tenancy,
      routes: [
        {
          method: "GET",
          path: "/",
          handle() {
            const work = async () => {
              await go.opened;
              seen.push(tenancy.currentOrFail().slug);
            };
            tenancy.waitUntil(work());
            return {};
          },
        },
      ],
    });

    await app.ask("acme.localhost", "/");
    expect(watch.left).toEqual([]);
    go.open();
    await vi.waitFor(() => expect(watch.left).toEqual(["acme"]));

    expect(seen).toEqual(["acme"]);
  });

  if (!harness.showsSettled) return;

  it("F043: keeps the scope until the handler has settled, which may be after the response", async () => {
    const watch = watchScopes();
    const tenancy = await startTenancy(harness, { bootstrappers: [watch.bootstrapper] });
    const go = gate();
    const seen: unknown[] = [];
    const app = await runApplication(harness, {
      tenancy,
      routes: [
        {
          method: "GET",
          path: "/",
          byHand: true,
          async handle({ response }) {
            response.end("{}");
            await go.opened;
            seen.push(tenancy.currentOrFail().slug, [...watch.left]);
          },
        },
      ],
    });

    await app.ask("acme.localhost", "/");
    await new Promise((resolve) => setTimeout(resolve, 10));
    go.open();
    await vi.waitFor(() => expect(watch.left).toEqual(["acme"]));

    expect(seen).toEqual(["acme", []]);
  });
}
