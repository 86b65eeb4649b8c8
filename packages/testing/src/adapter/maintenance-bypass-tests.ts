import { createKeyRing, sealBypass, type Tenant } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme, globex } from "../fixtures/tenant-record.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import type { Answer } from "./ask.ts";
import { standing, startApplication, storeOf } from "./maintained-application.ts";
import type { RunningApplication } from "./run-application.ts";

const secret = "correct-horse-battery-staple";
const down = { message: "Back at noon.", retryAfter: 600 } as const;

/** Checks who passes a maintenance by its secret, how, and for how long. */
export function maintenanceBypassTests(harness: AdapterHarness): void {
  const keys = createKeyRing({ current: new Uint8Array(32).fill(7) });
  const bypass = sealBypass(keys, secret);

  /** Both are in maintenance with the same secret. */
  function maintained() {
    const maintenance = { ...down, bypass };
    return storeOf([acme({ maintenance }), globex({ maintenance })]);
  }

  it("C101: lets past whoever sends the secret in a header, and nobody who sends it elsewhere or wrong", async () => {
    const { app } = await startApplication(harness, { store: maintained(), keys });
    const given = (value: string, path = "/") =>
      app.ask("acme.localhost", path, { headers: { "x-maintenance-bypass": value } });

    const answers = await Promise.all([
      given(secret),
      given(`${secret}x`),
      given(bypass),
      given(""),
      app.ask("acme.localhost", `/?maintenance_bypass=${secret}&maintenance_bypass=${secret}`),
      app.ask("acme.localhost", `/?maintenance_bypass=${bypass}`),
      app.ask("acme.localhost", "/?maintenance_bypass=%"),
      app.ask("acme.localhost", `/?maintenance_bypass=${secret}`, { body: "{}" }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([200, ...Array(7).fill(503)]);
    expect(answers.map(({ text }) => text).join()).not.toContain("battery");
  });

  it("C101: a link with the secret gives a cookie for that tenant alone, and leads on without it", async () => {
    const { app } = await startApplication(harness, { store: maintained(), keys });

    const link = await app.ask("acme.localhost", `/notes?page=2&maintenance_bypass=${secret}&q=a`);
    const cookie = cookieOf(link);
    const statuses = await sent(app, [
      ["acme.localhost", cookie],
      ["globex.localhost", cookie],
      ["acme.localhost", `${cookie}; ${cookie}`],
      ["acme.localhost", cookie.replace(/=\d/, "=9")],
      ["acme.localhost", cookie.slice(0, -1)],
      ["acme.localhost", `__Host-af-maintenance=${secret}`],
    ]);

    expect(link.status).toBe(303);
    expect(link.headers.location).toBe("/notes?page=2&q=a");
    expect(link.headers["cache-control"]).toBe("no-store");
    const attributes = String(link.headers["set-cookie"]).split("; ").slice(1);
    expect(attributes).toEqual(["Path=/", "Max-Age=43200", "Secure", "HttpOnly", "SameSite=Lax"]);
    expect(`${link.headers["set-cookie"]} ${link.text}`).not.toContain(secret);
    expect(statuses).toEqual([200, 503, 503, 503, 503, 503]);
  });

  it("C101: the cookie ends with its time and with its secret", async () => {
    const clock = standing(1_000_000);
    const tenants: Tenant[] = [acme({ maintenance: { ...down, bypass } })];
    const admission = { bypassMs: 60_000 };
    const { app } = await startApplication(harness, {
      store: storeOf(tenants),
      keys,
      clock,
      admission,
    });
    const cookie = cookieOf(await app.ask("acme.localhost", `/?maintenance_bypass=${secret}`));

    const [young] = await sent(app, [["acme.localhost", cookie]]);
    clock.at += 60_000;
    const [old] = await sent(app, [["acme.localhost", cookie]]);
    clock.at -= 60_000;
    const other = sealBypass(keys, "another-secret-of-20-characters");
    tenants[0] = acme({ maintenance: { ...down, bypass: other } });
    const [revoked] = await sent(app, [["acme.localhost", cookie]]);

    expect([young, old, revoked]).toEqual([200, 503, 503]);
  });

  it("C101: a link leads to no other host", async () => {
    const { app } = await startApplication(harness, { store: maintained(), keys });
    const query = `?maintenance_bypass=${secret}`;

    const targets = ["//evil.example/a", "/\\evil.example", "///evil.example", "/"];
    const answers = await Promise.all(
      targets.map((target) => app.ask("acme.localhost", `${target}${query}`)),
    );

    expect(answers.map(({ headers }) => headers.location)).toEqual([
      ...["/evil.example/a", "/evil.example", "/evil.example", "/"],
    ]);
  });

  it("C101: nobody passes where there are no keys", async () => {
    const { app } = await startApplication(harness, { store: maintained() });

    const headers = { "x-maintenance-bypass": secret };
    const answers = await Promise.all([
      app.ask("acme.localhost", "/", { headers }),
      app.ask("acme.localhost", `/?maintenance_bypass=${secret}`),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  });
}

async function sent(
  app: RunningApplication,
  requests: readonly (readonly [host: string, cookie: string])[],
): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const [host, cookie] of requests) {
    statuses.push((await app.ask(host, "/", { headers: { cookie } })).status);
  }
  return statuses;
}

function cookieOf({ headers }: Answer): string {
  return String(headers["set-cookie"]).split(";")[0] ?? "";
}
