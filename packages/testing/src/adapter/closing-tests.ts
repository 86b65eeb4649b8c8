import { expect, it, vi } from "vitest";
import { gate } from "../suite/gate.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import { connectRaw } from "./raw-connection.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy, watchScopes } from "./start-tenancy.ts";

/** Checks that a tenancy which is closed with its server breaks nothing that it has begun. */
export function closingTests(harness: AdapterHarness): void {
  it("F147: takes no new connections, finishes what is in flight, then closes its parts, the last one first", async () => {
    const { app, tenancy, watch, go, began, closed } = await start(harness);
    const inFlight = app.ask("acme.localhost", "/slow");
    await began.opened;

    const closing = tenancy.close({ server: app.server });
    await vi.waitFor(() => expect(app.server.listening).toBe(false));
    await expect(app.ask("acme.localhost", "/slow")).rejects.toThrow(/ECONNREFUSED/);
    expect(closed).toEqual([]);
    go.open();

    expect(await inFlight).toMatchObject({ status: 200, json: { slug: "acme" } });
    await closing;
    expect(closed).toEqual(["second, left acme", "first, left acme"]);
    expect(watch.left).toEqual(["acme"]);
  });

  it("F147: answers on connections that are kept alive, says that they close, and closes idle ones", async () => {
    const { app, tenancy, go, began } = await start(harness);
    const busy = await connectRaw(app.port);
    const idle = await connectRaw(app.port);
    const request = "GET /slow HTTP/1.1\r\nHost: acme.localhost\r\n\r\n";
    idle.socket.write(request.replace("slow", "quick"));
    await idle.until("}");
    busy.socket.write(request);
    await began.opened;

    const closing = tenancy.close({ server: app.server });
    await idle.untilClosed();
    busy.socket.write(request.replace("slow", "quick"));
    go.open();
    const received = await busy.untilClosed();
    await closing;

    const [first, second] = received.split(/(?<=\})(?=HTTP)/);
    expect(first).toContain('{"slug":"acme"}');
    expect(second).toMatch(/^HTTP\/1.1 200 OK/);
    expect(second).toMatch(/connection: close/i);
  });

  it("F147: pages nobody for what is asked of a tenancy that was closed", async () => {
    const tenancy = await startTenancy(harness);
    const failures: unknown[] = [];
    tenancy.events.on("failure", (event) => void failures.push(event));
    const app = await runApplication(harness, { tenancy, routes: [] });
    await tenancy.close();

    const answer = await app.ask("acme.localhost", "/");

    expect(answer).toMatchObject({ status: 503, json: { error: { code: "TENANCY_CLOSED" } } });
    expect(failures).toEqual([]);
  });

  it("F147: closes a connection that is kept alive as soon as its answer is sent", async () => {
    const { app, tenancy, go, began } = await start(harness, 60_000);
    app.server.keepAliveTimeout = 0; // Node would close it some time
    const busy = await connectRaw(app.port);
    busy.socket.write("GET /slow HTTP/1.1\r\nHost: acme.localhost\r\n\r\n");
    await began.opened;

    const closing = tenancy.close({ server: app.server });
    go.open();
    await closing;

    expect(await busy.untilClosed()).toContain('{"slug":"acme"}');
  });

  it("F147: cuts off after the grace what does not end, and leaves its tenant", async () => {
    const { app, tenancy, watch, began } = await start(harness, 50);
    const stuck = app.ask("acme.localhost", "/slow");
    stuck.catch(() => undefined);
    await began.opened;

    await tenancy.close({ server: app.server });

    await expect(stuck).rejects.toThrow(/hang up|reset/);
    expect(watch.left).toEqual(["acme"]);
  });

  it("may be closed again, and without a server", async () => {
    const { app, tenancy, closed } = await start(harness);

    await Promise.all([tenancy.close({ server: app.server }), tenancy.close()]);
    await tenancy.close({ server: app.server });

    expect(closed).toEqual(["second, left ", "first, left "]);
  });
}

async function start(harness: AdapterHarness, graceMs = 5_000) {
  const watch = watchScopes();
  const closed: string[] = [];
  const part = (name: string) => ({
    name,
    bootstrap: () => undefined,
    attach: () => undefined,
    close: () => void closed.push(`${name}, left ${watch.left}`),
  });
  const tenancy = await startTenancy(harness, {
    graceMs,
    bootstrappers: [watch.bootstrapper, part("first"), part("second")],
  });
  const began = gate();
  const go = gate();
  const handle = () => ({ slug: tenancy.currentOrFail().slug });
  const app = await runApplication(harness, {
    tenancy,
    routes: [
      { method: "GET", path: "/quick", handle },
      {
        method: "GET",
        path: "/slow",
        async handle() {
          began.open();
          await go.opened;
          return handle();
        },
      },
    ],
  });
  return { app, tenancy, watch, began, go, closed };
}
