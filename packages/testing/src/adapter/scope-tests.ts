import { expect, it, vi } from "vitest";
import { gate } from "../suite/gate.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
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
}
