import {
  createTenancy,
  memoryDatabases,
  memoryRegistry,
  type Tenancy,
  type TenantRecord,
} from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import KeyvRedis from "@keyv/redis";
import { createClient } from "@redis/client";
import { Keyv } from "keyv";
import { onTestFinished } from "vitest";
import type { TenantSessionOptions } from "../../src/session/index.ts";
import { Browser } from "./browser.ts";
import type { Serve, Serving } from "./serve-applications.ts";

const secret = "a secret of this test, long enough for it";
/** The hosts of both tenants and of the central side. */
export const [acmeHost, globexHost, centralHost] = [
  "acme.localhost",
  "globex.localhost",
  "localhost",
];

/** An application with two tenants, and a browser. */
export async function start(
  serve: Serve,
  options: Partial<TenantSessionOptions<TenantRecord>> = {},
  more: (tenancy: Tenancy, globex: TenantRecord) => Partial<Serving> = () => ({}),
) {
  const registry = memoryRegistry();
  const tenancy = createTenancy({
    ...{ registry, databases: memoryDatabases(), provisioning: provisioning() },
    ...{ resolve: domainResolver(), central: [centralHost] },
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const [acme, globex] = [
    await tenancy.tenants.create({ slug: "acme", domains: [acmeHost] }),
    await tenancy.tenants.create({ slug: "globex", domains: [globexHost] }),
  ];
  const session = { tenancy, keyv: new Keyv(), secret, insecure: true, ...options };
  const port = await serve({ options: session, ...more(tenancy, globex) });
  return { browser: new Browser(port), tenancy, registry, acme };
}

/** A store in a Redis. */
export async function overRedis(url: string): Promise<Keyv> {
  const client = createClient({ url, disableOfflineQueue: true });
  onTestFinished(() => client.destroy());
  await client.connect();
  return new Keyv(new KeyvRedis(client as never));
}
