import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createTenancy, memoryRegistry, registryCentral, type Tenant } from "@af-tenancy/core";
import { expect, it, onTestFinished } from "vitest";
import { acme } from "../fixtures/tenant-record.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import { runApplication } from "./run-application.ts";

/** Checks that hosts which become central, or stop being so, are served by that from the next request on. */
export function centralHostTests(harness: AdapterHarness): void {
  it("S005: central hosts of the configuration and of the registry are served alike, as of now", async () => {
    const registry = memoryRegistry();
    const central = registryCentral({ names: ["localhost"] });
    const tenancy = createTenancy<Tenant>({
      ...{ registry, central, resolve: harness.resolvers.domainResolver() },
    });
    await tenancy.start();
    onTestFinished(() => tenancy.close());
    const domain = { name: "acme.localhost", primary: true, verifiedAt: 1 };
    await registry.transaction(({ tenants }) => tenants.insert(acme(), [domain]));
    const visits: unknown[] = [];
    const note = (message: unknown) => {
      visits.push((message as { readonly tenantId: string | null }).tenantId);
    };
    subscribe("af-tenancy:resolution", note);
    onTestFinished(() => void unsubscribe("af-tenancy:resolution", note));
    const app = await runApplication(harness, {
      tenancy,
      routes: [{ method: "GET", path: "/", handle: () => ({ slug: tenancy.current()?.slug }) }],
    });
    const hosts = ["localhost", "acme.localhost", "ops.test", "eu.admin.test", "a.eu.admin.test"];
    const statuses = async () => {
      const answers = [];
      for (const host of hosts) answers.push((await app.ask(host, "/")).status);
      return answers;
    };

    const before = await statuses();
    await central.add("ops.test");
    await central.add("*.admin.test");
    const added = await statuses();
    await central.remove("ops.test");
    const removed = await statuses();

    expect([before, added, removed]).toEqual([
      [200, 200, 404, 404, 404],
      [200, 200, 200, 200, 404],
      [200, 200, 404, 200, 404],
    ]);
    expect(visits.filter((tenantId) => tenantId === null)).toHaveLength(1 + 3 + 2);
  });
}
