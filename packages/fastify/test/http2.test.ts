import { once } from "node:events";
import { type ClientHttp2Session, connect, constants } from "node:http2";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  createTenancy,
  memoryStore,
  type Scope,
  type Tenant,
  type TenantStore,
} from "@af-tenancy/core";
import { domainResolver } from "@af-tenancy/resolvers";
import { acme, globex } from "@af-tenancy/testing";
import Fastify from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { tenancyErrors, tenancyPlugin } from "../src/index.ts";

it("F041: keeps the streams of one HTTP/2 connection in their tenants", async () => {
  const { client } = await serve(async (current) => {
    const before = current();
    await new Promise((resolve) => setTimeout(resolve, before === "acme" ? 2 : 4));
    return [before, current()];
  });
  const ask = async (host: string) => {
    const stream = open(client, host);
    const [headers] = await once(stream, "response");
    return [headers[":status"], JSON.parse(await text(stream))];
  };

  const hosts = ["acme.localhost", "globex.localhost", "acme.localhost", "nobody.localhost"];
  const answers = await Promise.all(hosts.map(ask));

  expect(answers.slice(0, 3)).toEqual([
    [200, ["acme", "acme"]],
    [200, ["globex", "globex"]],
    [200, ["acme", "acme"]],
  ]);
  expect(answers[3]).toMatchObject([404, { error: { code: "TENANT_NOT_FOUND" } }]);
});

it("F039: a client that leaves one HTTP/2 stream ends that scope alone, and its signal tells so", async () => {
  const [began, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { client, scopes, ended } = await serve(async (current) => {
    if (current() === "acme") began.resolve();
    await goOn.promise;
    return current();
  });
  onTestFinished(() => goOn.resolve());
  const left = open(client, "acme.localhost").on("error", () => undefined);
  const kept = open(client, "globex.localhost");

  await began.promise;
  left.close(constants.NGHTTP2_CANCEL);
  await expect.poll(() => signalOf(scopes, "acme")).toBe(true);

  expect(signalOf(scopes, "globex")).toBe(false);
  goOn.resolve();
  expect(await text(kept)).toBe("globex");
  await expect.poll(() => [...ended].sort()).toEqual(["acme", "globex"]);
});

it("F039: a client that leaves its HTTP/2 stream before the tenant is found leaves no scope behind", async () => {
  const [asked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const wait = async () => {
    asked.resolve();
    await goOn.promise;
  };
  const { client, scopes, ended } = await serve(async (current) => current(), wait);
  onTestFinished(() => goOn.resolve());
  const left = open(client, "acme.localhost").on("error", () => undefined);

  await asked.promise;
  left.close(constants.NGHTTP2_CANCEL);
  await once(left, "close");
  await new Promise((resolve) => setTimeout(resolve, 50)); // until the server has heard of it
  goOn.resolve();

  await expect.poll(() => scopes.length).toBe(1);
  await expect.poll(() => ended).toEqual(["acme"]);
});

/** Serves both tenants over one HTTP/2 connection; `wait` comes before a tenant is found. */
async function serve(
  answer: (current: () => string) => Promise<unknown>,
  wait: () => Promise<void> = async () => undefined,
) {
  const tenants = [acme(), globex()];
  const known = memoryStore<Tenant>(tenants, {
    domains: new Map(tenants.map(({ id, slug }) => [`${slug}.localhost`, id])),
  });
  const store: TenantStore<Tenant> = {
    find: async (reference) => {
      await wait();
      return known.find(reference);
    },
    list: (options) => known.list(options),
  };
  const [scopes, ended] = [[] as Scope[], [] as string[]];
  const tenancy = createTenancy<Tenant>({
    store,
    resolve: domainResolver(),
    bootstrappers: [
      {
        name: "watch",
        bootstrap(scope) {
          scopes.push(scope);
          return () => void ended.push(scope.tenant.slug);
        },
      },
    ],
  });
  await tenancy.start();
  const app = Fastify({ http2: true });
  app.setErrorHandler(tenancyErrors(tenancy) as never);
  await app.register(tenancyPlugin(tenancy) as never);
  app.get("/", () => answer(() => tenancy.currentOrFail().slug));
  await app.listen({ port: 0, host: "127.0.0.1" });
  const client = connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
  onTestFinished(async () => {
    client.destroy();
    await app.close();
    await tenancy.close();
  });
  return { client, scopes, ended };
}

function open(client: ClientHttp2Session, host: string) {
  return client.request({ ":path": "/", ":authority": host });
}

function signalOf(scopes: readonly Scope[], slug: string): boolean | undefined {
  return scopes.find(({ tenant }) => tenant.slug === slug)?.signal.aborted;
}
