import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import {
  createKeyRing,
  createTenancy,
  memoryDatabases,
  memoryStore,
  onlyHeader,
  refusalPage,
  type Tenancy,
  type TenancyRequest,
} from "@af-tenancy/core";
import { tenancyErrors, tenancyMiddleware } from "@af-tenancy/express";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { tenantRecord } from "@af-tenancy/testing";
import express from "express";
import { expect, it, onTestFinished } from "vitest";
import { askServer } from "./ask-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const page = "text/html,*/*;q=0.8";

it("C101: takes a tenant down, lets some pass, and takes it up again", async () => {
  const keys = createKeyRing({ current: randomBytes(32) });
  const folder = await temporaryFolder();
  const tenancy = createTenancy({
    registry: sqliteRegistry({ file: `${folder}/registry.sqlite` }),
    databases: memoryDatabases(),
    ...{ resolve: domainResolver(), central: ["example.com"], keys, provisioning: provisioning() },
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  for (const slug of ["acme", "globex"]) {
    await tenancy.tenants.create({ slug, domains: [`${slug}.example.com`] });
  }
  const ask = await serve(tenancy);
  const acme = { by: "slug", value: "acme" };
  const secret = randomBytes(24).toString("base64url");

  // #region maintenance
  await tenancy.tenants.setMaintenance(acme, {
    message: "We are moving your data. Back at noon.",
    retryAfter: 600,
    until: Date.now() + 3 * 3_600_000, // over by itself then
    allowed: ["192.0.2.0/24", "2001:db8::7"], // our office
    secret, // for a colleague elsewhere: https://acme.example.com/?maintenance_bypass=...
  });
  // #endregion
  const down = await ask("acme.example.com", "/");
  const others = [await ask("globex.example.com", "/"), await ask("example.com", "/")];
  const link = await ask("acme.example.com", `/?maintenance_bypass=${secret}`);
  await tenancy.tenants.setMaintenance(acme, undefined);
  const up = await ask("acme.example.com", "/");

  expect(down).toContain("503");
  expect(down).toContain("Back at noon.");
  expect(others).toEqual(['200 "globex"', "200 null"]);
  expect(link).toContain("303");
  expect(up).toBe('200 "acme"');
});

it("S009 S010: answers in its own words and with its own pages", async () => {
  const denied: string[] = [];
  const billingPage = (slug: string | undefined) => `<h1>An invoice of ${slug} is open</h1>`;
  const store = memoryStore(
    [
      tenantRecord({ slug: "acme", status: "suspended" }),
      tenantRecord({ slug: "globex", status: "blocked" }),
    ],
    {
      domains: new Map(["acme", "globex"].map((slug) => [`${slug}.example.com`, `tenant-${slug}`])),
    },
  );
  const log = { warn: (text: string) => void denied.push(text) };

  // #region answers
  const tenancy = createTenancy({
    store,
    resolve: domainResolver(),
    admission: {
      answers: {
        TENANT_SUSPENDED: ({ tenant }) => ({
          status: 402,
          message: "An invoice is open.",
          page: billingPage(tenant?.slug), // for browsers; JSON for everybody else
        }),
        TENANT_BLOCKED: { code: "CLOSED", message: "This account was closed." },
      },
      page: refusalPage, // for every other refusal
    },
    hooks: {
      denied({ error, tenantId, request }) {
        const { code } = error as { code?: string };
        log.warn(JSON.stringify({ code, tenantId, method: request.method }));
      },
    },
  });
  // #endregion
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const ask = await serve(tenancy);

  expect(await ask("acme.example.com", "/")).toBe(
    '402 {"error":{"code":"TENANT_SUSPENDED","message":"An invoice is open."}}',
  );
  expect(await ask("acme.example.com", "/", { accept: page })).toBe(
    "402 <h1>An invoice of acme is open</h1>",
  );
  expect(await ask("globex.example.com", "/", { accept: page })).toContain("was closed.</p>");
  expect(denied[0]).toBe('{"code":"TENANT_SUSPENDED","tenantId":"tenant-acme","method":"GET"}');
});

it("believes the address that its own proxy sends", async () => {
  const maintenance = { message: "Back soon.", retryAfter: 60, allowed: ["192.0.2.7"] };
  const store = memoryStore([tenantRecord({ slug: "acme", maintenance })], {
    domains: new Map([["acme.example.com", "tenant-acme"]]),
  });

  // #region address
  const proxy = "127.0.0.1";
  const clientAddress = ({ rawHeaders, remoteAddress }: TenancyRequest) => {
    if (remoteAddress !== proxy && remoteAddress !== `::ffff:${proxy}`) return remoteAddress;
    return onlyHeader(rawHeaders, "X-Real-IP");
  };
  const tenancy = createTenancy({ store, resolve: domainResolver(), admission: { clientAddress } });
  // #endregion
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const ask = await serve(tenancy);
  const from = (address: string) => ask("acme.example.com", "/", { "X-Real-IP": address });

  expect(await from("192.0.2.7")).toBe('200 "acme"');
  expect(await from("192.0.2.8")).toContain("503");
  const attacks: Record<string, string | string[]>[] = [
    { A: "x-real-ip", "192.0.2.7": "y", "X-Real-IP": "192.0.2.8" },
    { "192.0.2.7": "the first name of all" },
    { "X-Real-IP": ["192.0.2.7", "192.0.2.8"] },
  ];
  for (const headers of attacks) {
    expect(await ask("acme.example.com", "/", headers)).toContain("503");
  }
});

function serve(tenancy: Tenancy) {
  const app = express();
  app.use(tenancyMiddleware(tenancy));
  app.get("/", (_request, response) => void response.json(tenancy.current()?.slug ?? null));
  app.use(tenancyErrors(tenancy));
  return askServer(createServer(app));
}
