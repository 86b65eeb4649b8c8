import { once } from "node:events";
import { connect } from "node:http2";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createTenancy, memoryStore, type Tenant } from "@af-tenancy/core";
import { domainResolver } from "@af-tenancy/resolvers";
import { acme, globex } from "@af-tenancy/testing";
import Fastify from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { tenancyErrors, tenancyPlugin } from "../src/index.ts";

it("F041: keeps the streams of one HTTP/2 connection in their tenants", async () => {
  const tenants = [acme(), globex()];
  const tenancy = createTenancy<Tenant>({
    store: memoryStore<Tenant>(tenants, {
      domains: new Map(tenants.map(({ id, slug }) => [`${slug}.localhost`, id])),
    }),
    resolve: domainResolver(),
  });
  await tenancy.start();
  const app = Fastify({ http2: true });
  app.setErrorHandler(tenancyErrors(tenancy) as never);
  await app.register(tenancyPlugin(tenancy) as never);
  app.get("/", async () => {
    const before = tenancy.currentOrFail().slug;
    await new Promise((resolve) => setTimeout(resolve, before === "acme" ? 2 : 4));
    return [before, tenancy.currentOrFail().slug];
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  const client = connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
  onTestFinished(async () => {
    client.close();
    await app.close();
    await tenancy.close();
  });
  const ask = async (host: string) => {
    const stream = client.request({ ":path": "/", ":authority": host });
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
