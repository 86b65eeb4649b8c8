import { once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createTenancy,
  memoryStore,
  type Tenancy,
  type TenancyParts,
  type Tenant,
} from "@af-tenancy/core";
import { domainResolver } from "@af-tenancy/resolvers";
import type { Express } from "express";
import { onTestFinished } from "vitest";

const acme: Tenant = {
  id: "acme-id",
  slug: "acme",
  status: "active",
  version: 1,
  placement: undefined,
};
const globex: Tenant = { ...acme, id: "globex-id", slug: "globex" };
const hooli: Tenant = { ...acme, id: "hooli-id", slug: "hooli", status: "suspended" };

const domains = new Map([
  ["acme.localhost", acme.id],
  ["globex.localhost", globex.id],
  ["hooli.localhost", hooli.id],
]);

/** A started tenancy over three tenants, closed when the test is over. */
export async function startTenancy(parts: TenancyParts<Tenant> = {}): Promise<Tenancy<Tenant>> {
  const tenancy = createTenancy<Tenant>({
    store: memoryStore([acme, globex, hooli], { domains }),
    resolve: domainResolver(),
    central: ["localhost"],
    ...parts,
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return tenancy;
}

/** An answer as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Serves an app on a free port and gives the function that asks it for a path on a host. */
export async function serve(app: Express) {
  const server = createServer(app);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => close(server));
  const { port } = server.address() as AddressInfo;
  const ask = (host: string, path: string, init: { method?: string; json?: string } = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const headers: Record<string, string> = { host };
      if (init.json !== undefined) headers["content-type"] = "application/json";
      const sent = httpRequest(
        { port, host: "127.0.0.1", path, method: init.method ?? "GET", headers },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: text.startsWith("{") ? JSON.parse(text) : text,
            }),
          );
        },
      );
      sent.on("error", reject).end(init.json);
    });
  return { port, ask };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
