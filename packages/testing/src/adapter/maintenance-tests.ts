import { type DeniedEvent, type Maintenance, onlyHeader, type Tenant } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme, globex } from "../fixtures/tenant-record.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import type { Answer } from "./ask.ts";
import { standing, startApplication, storeOf } from "./maintained-application.ts";

const down: Maintenance = { message: "Back at noon.", retryAfter: 600 };

/** Checks that a tenant in maintenance is down alone, from when until when, and for whom. */
export function maintenanceTests(harness: AdapterHarness): void {
  it("C101: takes one tenant down and up again, leaves everybody else alone, and tells of each refusal", async () => {
    const tenants: Tenant[] = [acme(), globex()];
    const { app, tenancy } = await startApplication(harness, { store: storeOf(tenants) });
    const denied: DeniedEvent[] = [];
    const failures: unknown[] = [];
    tenancy.events.on("denied", (event) => void denied.push(event));
    tenancy.events.on("failure", (event) => void failures.push(event));

    const statuses = async () =>
      (await Promise.all(hosts.map((host) => app.ask(host, "/")))).map(({ status }) => status);
    const before = await statuses();
    tenants[0] = acme({ maintenance: down });
    const during = await statuses();
    const answer = await app.ask("acme.localhost", "/");
    tenants[0] = acme();
    const after = await statuses();

    expect([before, during, after]).toEqual([
      [200, 200, 200],
      [503, 200, 200],
      [200, 200, 200],
    ]);
    expect(codeOf(answer)).toBe("TENANT_MAINTENANCE");
    expect(answer.text).toContain(down.message);
    expect(answer.headers["retry-after"]).toBe("600");
    expect(failures).toEqual([]);
    expect(denied).toHaveLength(2);
    expect(denied[0]).toMatchObject({
      tenantId: acme().id,
      error: { code: "TENANT_MAINTENANCE" },
      request: { method: "GET", url: "/" },
    });
  });

  it.each([
    ["before it begins", { from: 3_600_000 }, 200, undefined],
    ["after it has begun", { from: -1 }, 503, "600"],
    ["before it is over", { from: -1, until: 90_000 }, 503, "90"],
    ["long before it is over", { until: 3_600_000 }, 503, "600"],
    ["when it is over", { until: 0 }, 200, undefined],
  ])("C101: a window answers %s", async (_when, window: Window, status, retryAfter) => {
    const now = Date.now();
    const at = (ms: number | undefined) => (ms === undefined ? {} : ms + now);
    const times = Object.fromEntries(Object.entries(window).map(([key, ms]) => [key, at(ms)]));
    const { app } = await startApplication(harness, {
      store: storeOf([acme({ maintenance: { ...down, ...times } })]),
      clock: standing(now),
    });

    const answer = await app.ask("acme.localhost", "/");

    expect(answer.status).toBe(status);
    expect(answer.headers["retry-after"]).toBe(retryAfter);
  });

  it.each([
    [["127.0.0.1"], 200],
    [["10.0.0.0/8", "127.0.0.0/8"], 200],
    [["::ffff:127.0.0.1"], 200],
    [["127.0.0.2", "10.0.0.0/8", "2001:db8::/32", "::/0"], 503],
  ])(
    "C101: clients at %j are answered %i, whatever they say of themselves",
    async (allowed, status) => {
      const maintenance = { ...down, allowed };
      const { app } = await startApplication(harness, { store: storeOf([acme({ maintenance })]) });

      const answer = await app.ask("acme.localhost", "/", {
        headers: { "x-forwarded-for": "10.1.2.3", forwarded: "for=10.1.2.3" },
      });

      expect(answer.status).toBe(status);
    },
  );

  it("C101: asks the application for the client's address behind its proxy", async () => {
    const maintenance = { ...down, allowed: ["2001:db8::/32"] };
    const { app } = await startApplication(harness, {
      store: storeOf([acme({ maintenance })]),
      admission: {
        clientAddress: ({ rawHeaders }) => onlyHeader(rawHeaders, "x-real-ip"),
      },
    });
    const from = (address: string) =>
      app.ask("acme.localhost", "/", { headers: { "x-real-ip": address } });

    const answers = await Promise.all(["2001:db8::7", "2001:db9::7", "nobody"].map(from));

    expect(answers.map(({ status }) => status)).toEqual([200, 503, 503]);
  });
}

const hosts = ["acme.localhost", "globex.localhost", "localhost"];

interface Window {
  readonly from?: number;
  readonly until?: number;
}

function codeOf({ json }: Answer): unknown {
  return (json as { readonly error?: { readonly code?: unknown } }).error?.code;
}
