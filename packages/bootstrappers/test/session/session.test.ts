import { describe, expect, it } from "vitest";
import { startRedis } from "./own-redis.ts";
import { applications } from "./serve-applications.ts";
import { acmeHost, centralHost, globexHost, overRedis, start } from "./start-sessions.ts";

describe.each(Object.entries(applications))("sessions of %s", (_name, serve) => {
  it("S011, C136, C137: are each tenant's own, and the central side's, in one store", async () => {
    const { browser } = await start(serve);

    const counted = [];
    for (const host of [acmeHost, globexHost, acmeHost, centralHost, globexHost, acmeHost]) {
      counted.push([host, ((await browser.get(host, "/visit")).body as { count: number }).count]);
    }

    expect(counted).toEqual([
      [acmeHost, 1],
      [globexHost, 1],
      [acmeHost, 2],
      [centralHost, 1],
      [globexHost, 2],
      [acmeHost, 3],
    ]);
  });

  it("F102, C136: another tenant's is refused with 403, also on the central side, and left as it is", async () => {
    const { browser } = await start(serve);
    await browser.get(acmeHost, "/visit");
    const stolen = { cookie: browser.cookies.get(acmeHost) ?? "" };

    const atGlobex = await browser.get(globexHost, "/visit", stolen);
    const atCentral = await browser.get(centralHost, "/visit", stolen);
    const own = await browser.get(acmeHost, "/visit");

    for (const refused of [atGlobex, atCentral]) {
      expect(refused).toMatchObject({
        status: 403,
        body: { error: { code: "SESSION_TENANT_MISMATCH" } },
        setCookie: expect.stringMatching(/^session=; Path=\/; Expires=Thu, 01 Jan 1970/),
      });
    }
    expect(own.body).toEqual({ count: 2 });
  });

  it("S012, F061: of a tenant that was made anew under the same name is dropped", async () => {
    const { browser, tenancy } = await start(serve);
    await browser.get(acmeHost, "/visit");
    await tenancy.tenants.purge({ by: "slug", value: "acme" }, { skipGrace: true });
    await tenancy.tenants.create({ slug: "acme", domains: [acmeHost] });

    const visits = [await browser.get(acmeHost, "/visit"), await browser.get(acmeHost, "/visit")];

    expect(visits).toMatchObject([
      { status: 200, body: { count: 1 } },
      { status: 200, body: { count: 2 } },
    ]);
  });

  it("F102: let a browser in again whose host has another tenant by now", async () => {
    const { browser, tenancy, acme } = await start(serve);
    await browser.get(globexHost, "/visit");
    await tenancy.tenants.update({ by: "slug", value: "globex" }, { domains: [] });
    await tenancy.tenants.update(acme, { domains: [acmeHost, globexHost] });

    const visits = [
      await browser.get(globexHost, "/visit"),
      await browser.get(globexHost, "/visit"),
    ];

    expect(visits).toMatchObject([{ status: 403 }, { status: 200, body: { count: 1 } }]);
  });

  it("S012: of an earlier generation of a tenant's data is dropped", async () => {
    const { browser, registry, acme } = await start(serve);
    await browser.get(acmeHost, "/visit");
    const { placement } = acme;
    await registry.transaction(({ tenants }) =>
      tenants.update(acme.id, acme.version, {
        placement: placement && { ...placement, generation: placement.generation + 1 },
      }),
    );

    const { body } = await browser.get(acmeHost, "/visit");

    expect(body).toEqual({ count: 1 });
  });

  it("C138: do not break when the request ends in another tenant's scope", async () => {
    const { browser } = await start(serve, {}, (tenancy, globex) => ({
      around: (answer) => tenancy.run(globex, () => tenancy.central(() => answer())),
    }));

    const first = await browser.get(acmeHost, "/visit");
    const second = await browser.get(acmeHost, "/visit");
    const look = await browser.get(acmeHost, "/look");

    expect([first.body, second.body, look.body]).toEqual([
      { count: 1 },
      { count: 2 },
      { count: 2 },
    ]);
  });

  it("F103: are in a cookie that no other host can set, and refused where there are two", async () => {
    const { browser } = await start(serve, { insecure: false });
    const overTls = { "x-forwarded-proto": "https" };
    const { setCookie = "" } = await browser.get(acmeHost, "/visit", overTls);
    const own = browser.cookies.get(acmeHost) ?? "";
    const pair = own.split("; ")[0] ?? "";

    const tossed = { ...overTls, cookie: `__Host-session=tossed; ${own}` };
    const doubled = await browser.get(acmeHost, "/visit", tossed);
    const after = await browser.get(acmeHost, "/look", { ...overTls, cookie: own });

    expect(pair).toMatch(/^__Host-session=/);
    expect(setCookie.toLowerCase()).toMatch(/; *path=\/(;|$)/);
    expect(setCookie).toMatch(/; *secure/i);
    expect(setCookie).toMatch(/; *httponly/i);
    expect(setCookie).toMatch(/; *samesite=lax/i);
    expect(setCookie).not.toMatch(/domain=/i);
    expect(doubled).toMatchObject({
      status: 400,
      body: { error: { code: "SESSION_COOKIE_DOUBLED" } },
    });
    expect(after.body).toEqual({ count: 1 });
  });

  it("F104: have another id after a login, and the old one is dead", async () => {
    const { browser } = await start(serve);
    await browser.get(acmeHost, "/visit");
    const before = { cookie: browser.cookies.get(acmeHost) ?? "" };

    await browser.get(acmeHost, "/login");
    const after = { cookie: browser.cookies.get(acmeHost) ?? "" };
    const [old, present] = [
      await browser.get(acmeHost, "/look", before),
      await browser.get(acmeHost, "/look", after),
    ];

    expect(after.cookie).not.toBe(before.cookie);
    expect(old.body).toEqual({ count: null });
    expect(present.body).not.toEqual({ count: null });
  });

  it("F104: never have an id that was brought from outside", async () => {
    const { browser } = await start(serve);
    const planted = { cookie: `session=t${"a".repeat(20)}~1~${"b".repeat(43)}` };

    await browser.get(acmeHost, "/visit", planted);

    expect(browser.cookies.get(acmeHost)).toMatch(/^session=/);
    expect(browser.cookies.get(acmeHost)).not.toContain("b".repeat(43));
  });

  it("F105: answer 503 while their store is away, and nobody is given another session", async () => {
    const redis = await startRedis();
    const keyv = await overRedis(redis.url);
    const { browser } = await start(serve, { keyv });
    await browser.get(acmeHost, "/visit");

    await redis.stop();
    const away = [await browser.get(acmeHost, "/look"), await browser.get(acmeHost, "/visit")];

    for (const one of away) {
      expect(one).toMatchObject({
        status: 503,
        body: { error: { code: "SESSION_STORE_UNAVAILABLE" } },
        setCookie: undefined,
      });
    }
  });

  it("C137: are kept in Redis as in memory, under keys that tell tenants apart", async () => {
    const redis = await startRedis();
    const { browser } = await start(serve, { keyv: await overRedis(redis.url) });

    for (const host of [acmeHost, globexHost, acmeHost]) await browser.get(host, "/visit");
    const looks = [await browser.get(acmeHost, "/look"), await browser.get(globexHost, "/look")];

    expect(looks.map(({ body }) => body)).toEqual([{ count: 2 }, { count: 1 }]);
  });

  it("C136: are an error before the tenant is identified", async () => {
    const { browser } = await start(serve, {}, () => ({ sessionFirst: true }));

    const { status } = await browser.get(acmeHost, "/visit");

    expect(status).toBe(500);
  });
});
