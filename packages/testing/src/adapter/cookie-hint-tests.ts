import {
  createKeyRing,
  type KeyRing,
  memoryStore,
  type Tenant,
  type TenantReference,
  type TenantStore,
} from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme, globex, tenantRecord } from "../fixtures/tenant-record.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import type { Answer } from "./ask.ts";
import { standing } from "./maintained-application.ts";
import { type RunningApplication, runApplication } from "./run-application.ts";
import { startTenancy } from "./start-tenancy.ts";

const keyOf = (byte: number) => new Uint8Array(32).fill(byte);
const halfAnHour = 30 * 60_000;

/** Checks what browsers are told of the tenant that their host led to, and what is believed of it. */
export function cookieHintTests(harness: AdapterHarness): void {
  it("S043: a browser remembers whom a host led to, and is served without looking that up", async () => {
    const { app, asked } = await startHinted(harness);

    const first = await app.ask("acme.localhost", "/");
    const again = await app.ask("acme.localhost", "/", { headers: { cookie: hintOf(first) } });

    const [hint = "", own] = first.headers["set-cookie"] ?? [];
    expect(own).toBe("own=1");
    expect(hint.split("; ").slice(1)).toEqual([
      ...["Path=/", "Max-Age=1800", "Secure", "HttpOnly", "SameSite=Lax"],
    ]);
    expect(hint).toMatch(/^__Host-af-tenant=[\w.-]+;/);
    expect([first.json, again.json]).toEqual([{ slug: "acme" }, { slug: "acme" }]);
    expect(asked).toEqual(["domain", "id"]);
    expect(again.headers["set-cookie"]).toEqual(["own=1"]);
  });

  it("S043: nothing is remembered of the central side, of refusals, and unless it is switched on", async () => {
    const { app } = await startHinted(harness);
    const off = await startHinted(harness, { cookieHint: false });

    for (const answer of [
      await app.ask("localhost", "/"),
      await app.ask("suspended.localhost", "/"),
      await app.ask("nobody.localhost", "/"),
      await off.app.ask("acme.localhost", "/"),
    ]) {
      expect(String(answer.headers["set-cookie"])).not.toContain("af-tenant");
    }
  });

  it("S043: it lasts for half an hour, is renewed in the second half, and outlives a change of keys", async () => {
    const clock = standing(1_000_000);
    const { app, asked } = await startHinted(harness, { clock });
    const cookie = hintOf(await app.ask("acme.localhost", "/"));
    const visit = async (at: number) => {
      clock.at = 1_000_000 + at;
      asked.length = 0;
      const answer = await app.ask("acme.localhost", "/", { headers: { cookie } });
      return [asked.join(), hintOf(answer) !== ""];
    };

    expect(await visit(halfAnHour / 2)).toEqual(["id", false]);
    expect(await visit(halfAnHour / 2 + 1)).toEqual(["id", true]);
    expect(await visit(halfAnHour)).toEqual(["domain", true]);
    expect(await visit(-1)).toEqual(["domain", true]);
    const keys = createKeyRing({ current: keyOf(8), previous: [keyOf(7)] });
    const rotated = await startHinted(harness, { keys, clock: standing(1_000_000) });
    await rotated.app.ask("acme.localhost", "/", { headers: { cookie } });
    expect(rotated.asked).toEqual(["id"]);
  });

  it("S043: a cookie that is not this host's, this tenant's as it is now, or not ours, changes nothing", async () => {
    const { app, asked, keys } = await startHinted(harness);
    const genuine = hintOf(await app.ask("acme.localhost", "/"));
    const foreign = hintOf(await app.ask("globex.localhost", "/"));
    const stranger = createKeyRing({ current: keyOf(9) });
    const others = await startHinted(harness, { keys: stranger });
    const reborn = await startHinted(harness, { generation: 2 });
    const [name, value = ""] = genuine.split("=");
    const [until, upTo, generation, id, ...signature] = value.split(".");
    const acmeId = String(id);
    const said = ["acme.localhost", "domain", "acme.localhost", acmeId];
    const text = JSON.stringify([...said, Number(generation), Number(upTo), Number(until)]);
    const plain = `${name}=${[until, upTo, generation, acmeId].join(".")}`;

    const hostile = {
      "of another host": foreign,
      "tossed in before": `${foreign}; ${genuine}`,
      "tossed in behind": `${genuine}; ${foreign}`,
      "sent twice": `${genuine}; ${genuine}`,
      "of other keys": hintOf(await others.app.ask("acme.localhost", "/")),
      "of an older database": hintOf(await reborn.app.ask("acme.localhost", "/")),
      "signed for another purpose": `${plain}.${keys.sign("maintenance-bypass", text)}`,
      "with another tenant": genuine.replace(acmeId, globex().id),
      "with a later end": genuine.replace(String(until), String(Number(until) + 1)),
      "with a later change": `${name}=${[until, 9, generation, id, ...signature].join(".")}`,
      "cut off": genuine.slice(0, -1),
      "without a signature": plain,
      empty: `${name}=`,
      quoted: `${name}="${value}"`,
      "of ten kilobytes": `${name}=${"1".repeat(10_000)}`,
      "ten kilobytes longer": `${genuine}${"A".repeat(10_000)}`,
      "an odd text": `${name}=__proto__.constructor.%00.${acmeId}.%F0%9F`,
    };
    asked.length = 0;
    const seen: unknown[] = [];
    for (const [how, cookie] of Object.entries(hostile)) {
      const { status, json } = await app.ask("acme.localhost", "/", { headers: { cookie } });
      seen.push([how, status, json, asked.splice(0).join()]);
    }

    expect(seen).toEqual(
      Object.keys(hostile).map((how) => [
        ...[how, 200, { slug: "acme" }],
        how === "of an older database" ? "id,domain" : "domain",
      ]),
    );
  });

  it("S043: nobody is served by a hint whose host leads elsewhere, or nowhere, by now", async () => {
    const owners = new Map([["shop.localhost", acme().id]]);
    const { app } = await startHinted(harness, { owners });
    const cookie = hintOf(await app.ask("shop.localhost", "/"));
    const visit = async () => {
      const { status, json } = await app.ask("shop.localhost", "/", { headers: { cookie } });
      return [status, (json as { readonly slug?: string }).slug];
    };

    expect(await visit()).toEqual([200, "acme"]);
    owners.set("shop.localhost", globex().id);
    expect(await visit()).toEqual([200, "globex"]);
    owners.delete("shop.localhost");
    expect(await visit()).toEqual([404, undefined]);
  });

  it("S043: a store that fails or knows nobody when it is asked by a hint is asked as if there were none", async () => {
    const failing = await startHinted(harness, { byId: () => JSON.parse("{") });
    const later = await startHinted(harness, { byId: async () => JSON.parse("{") });
    const silent = await startHinted(harness, { byId: () => Promise.resolve(undefined) });

    for (const { app, asked } of [failing, later, silent]) {
      const cookie = hintOf(await app.ask("acme.localhost", "/"));
      const answer = await app.ask("acme.localhost", "/", { headers: { cookie } });
      expect([answer.status, asked]).toEqual([200, ["domain", "id", "domain"]]);
    }
  });
}

interface Hinted {
  readonly cookieHint?: boolean;
  readonly keys?: KeyRing;
  readonly clock?: ReturnType<typeof standing>;
  /** Of acme's database. */
  readonly generation?: number;
  /** Who has which further domain, as of now. */
  readonly owners?: ReadonlyMap<string, string>;
  readonly byId?: TenantStore<Tenant>["find"];
}

/** Starts an application whose store notes what it is asked by, and vouches for what it would say. */
async function startHinted(
  harness: AdapterHarness,
  { cookieHint = true, clock, generation = 1, owners, byId, ...rest }: Hinted = {},
) {
  const { keys = createKeyRing({ current: keyOf(7) }) } = rest;
  const placed = { driver: "memory", strategy: "database", server: "default" } as const;
  const placement = { ...placed, name: "acme", secret: undefined, generation };
  const suspended = tenantRecord({ slug: "suspended", status: "suspended" });
  const tenants = [acme({ placement }), globex(), suspended];
  const own = new Map(tenants.map(({ id, slug }) => [`${slug}.localhost`, id]));
  const known = memoryStore<Tenant>(tenants, {
    domains: (domain) => own.get(domain) ?? owners?.get(domain),
  });
  const asked: string[] = [];
  const store: TenantStore<Tenant> = {
    find(reference) {
      asked.push(reference.by);
      return reference.by === "id" && byId ? byId(reference) : known.find(reference);
    },
    list: () => known.list(),
    hints: {
      knownUpTo: () => 7,
      stillLeads: (reference: TenantReference, id, upTo) =>
        upTo === 7 && (known.find(reference) as Tenant | undefined)?.id === id,
    },
  };
  const tenancy = await startTenancy(harness, {
    ...{ store, keys, cookieHint, ...(clock && { clock }) },
  });
  const app: RunningApplication = await runApplication(harness, {
    tenancy,
    routes: [
      {
        method: "GET",
        path: "/",
        handle({ response }) {
          response.appendHeader("Set-Cookie", "own=1");
          return { slug: tenancy.current()?.slug ?? null };
        },
      },
    ],
  });
  return { app, asked, keys };
}

/** Gives the hint of an answer as a browser sends it back; empty where there is none. */
function hintOf({ headers }: Answer): string {
  const cookies = [headers["set-cookie"] ?? []].flat();
  return cookies.find((cookie) => cookie.startsWith("__Host-af-tenant="))?.split(";", 1)[0] ?? "";
}
