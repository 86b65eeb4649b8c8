import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { refuseMalformed } from "@af-tenancy/core";
import { createApp } from "./app.ts";
import { readSettings } from "./settings.ts";
import { composeTenancy } from "./tenancy.ts";

const settings = readSettings(process.env);
if (typeof settings === "string") {
  console.error(settings);
  process.exit(2);
}

const { folder } = settings;
const composed = composeTenancy(folder);
const { tenancy } = composed;
try {
  await tenancy.start();
} catch (error) {
  const { message, cause } = error as Error;
  const reason = cause instanceof Error ? ` (${cause.message})` : "";
  console.error(`Cannot start with the data in ${folder}: ${message}${reason}`);
  process.exit(1);
}
console.log("Preparing the tenants; after a crash this waits a few seconds for what was left.");
await tenancy.tenants.repair();
for (const slug of ["acme", "globex"]) {
  await tenancy.tenants.create({
    slug,
    name: slug === "acme" ? "Acme Corporation" : "Globex Corporation",
    domains: [`${slug}.localhost`],
    idempotencyKey: `example:${slug}`,
  });
}

// Node would answer a request without a Host by itself, with no body; the application says what is wrong.
const app = refuseMalformed(createApp(composed));
const server = createServer({ requireHostHeader: false }, app);
server.listen(settings.port);
try {
  await once(server, "listening");
} catch (error) {
  console.error(
    `Cannot listen on port ${settings.port} (${(error as Error).message}): set PORT to a free one.`,
  );
  process.exit(1);
}
const { port } = server.address() as AddressInfo;
console.log(`Two tenants, and the list of them; their data is in ${folder}:
  http://acme.localhost:${port}
  http://globex.localhost:${port}
  http://localhost:${port}

Try:
  curl http://acme.localhost:${port}/notes -H 'content-type: application/json' -d '{"text": "Hello"}'
  curl http://acme.localhost:${port}/notes
  curl http://globex.localhost:${port}/notes

Ctrl-C ends it; the notes stay.`);

/** Takes no more requests, finishes those that are in flight, and closes everything. */
async function stop(): Promise<void> {
  await tenancy.close({ server });
  process.exit(0);
}

process.once("SIGINT", () => void stop());
process.once("SIGTERM", () => void stop());
