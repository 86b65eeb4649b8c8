import { createTenancy, isTenancyError } from "@af-tenancy/core";
import { domainResolver } from "@af-tenancy/resolvers";
import { cachedTenantStore } from "../../src/index.ts";
import { type RegistryPlace, registryAt } from "./registry-at.ts";

/** What the test orders. */
interface Orders {
  readonly place: RegistryPlace;
  readonly prefix?: string;
  readonly redisUrl: string;
}

const { place, prefix, redisUrl } = JSON.parse(process.argv[2] ?? "") as Orders;
const tenancy = createTenancy({
  registry: registryAt(place),
  store: cachedTenantStore(prefix === undefined ? {} : { redis: { url: redisUrl, prefix } }),
  resolve: domainResolver(),
  hooks: { failure: ({ error }) => void process.stderr.write(`${String(error)}\n`) },
});
await tenancy.start();

for (let last = ""; ; ) {
  const answers = (
    await Promise.all(["acme.test", "globex.test", "initech.test"].map(answer))
  ).join(" ");
  if (answers !== last) process.stdout.write(`${answers}\n`);
  last = answers;
  await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The tenant that a request for the host is served as, or the code that it is refused with. */
async function answer(host: string): Promise<string> {
  try {
    return await tenancy.handle({
      request: { method: "GET", url: "/", rawHeaders: ["Host", host], remoteAddress: "127.0.0.1" },
      mode: "tenant",
      next: async () => tenancy.currentOrFail().id,
      onClosed: (closed) => closed(false),
    });
  } catch (error) {
    return isTenancyError(error) ? error.code : String(error);
  }
}
