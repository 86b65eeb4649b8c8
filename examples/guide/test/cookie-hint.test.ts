import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { cachedTenantStore } from "@af-tenancy/cache";
import { createKeyRing, createTenancy, memoryDatabases } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { tenancyRequest } from "@af-tenancy/testing";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

it("S043: has browsers remember their tenant", async () => {
  const registry = sqliteRegistry({ file: join(await temporaryFolder(), "registry.sqlite") });
  const secret = randomBytes(32).toString("base64");

  // #region compose
  const tenancy = createTenancy({
    registry,
    store: cachedTenantStore({ maxTenants: 1_000 }), // of many more
    keys: createKeyRing({ current: secret }),
    cookieHint: true,
    resolve: domainResolver(),
    databases: memoryDatabases(),
    provisioning: provisioning(),
  });
  // #endregion
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const acme = await tenancy.tenants.create({ slug: "acme", domains: ["acme.test"] });
  const headers = new Headers();
  await tenancy.handle({
    request: tenancyRequest({ host: "acme.test" }),
    mode: "tenant",
    headers: {
      has: (name) => headers.has(name),
      set: (name, value) => headers.set(name, value),
      add: (name, value) => headers.append(name, value),
    },
    next: () => undefined,
    onClosed: (closed) => closed(false),
  });

  expect(headers.get("set-cookie")).toMatch(
    new RegExp(`^__Host-af-tenant=[0-9.]+${acme.id}[\\w.-]+; Path=/; Max-Age=1800; Secure; Http`),
  );
});
