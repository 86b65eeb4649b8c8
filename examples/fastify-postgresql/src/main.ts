import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { createApp } from "./app.ts";
import { makeDatabase } from "./make-database.ts";
import { readSettings } from "./settings.ts";
import { composeTenancy } from "./tenancy.ts";

const settings = readSettings(process.env);
if (typeof settings === "string") {
  console.error(settings);
  process.exit(2);
}
const { connection } = settings;
const composed = composeTenancy(connection);
const { tenancy } = composed;

const app = createApp(composed);
await app.ready();
const { server } = app;
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
console.log(`Listening; http://localhost:${port}/ready says when it serves.`);

process.once("SIGINT", () => void stop());
process.once("SIGTERM", () => void stop());
await startPatiently();
await tenancy.tenants.repair();
for (const slug of ["acme", "globex"]) {
  await tenancy.tenants.create({
    slug,
    name: slug === "acme" ? "Acme Corporation" : "Globex Corporation",
    domains: [`${slug}.localhost`],
    idempotencyKey: `example:${slug}`,
  });
}
console.log(`Two tenants, and the list of them; their data is on ${connection.host}:
  http://acme.localhost:${port}/notes
  http://globex.localhost:${port}/notes
  http://localhost:${port}/tenants

Try:
  curl http://acme.localhost:${port}/notes -H 'content-type: application/json' -d '{"text": "Hello"}'
  curl http://acme.localhost:${port}/notes
  curl http://globex.localhost:${port}/notes

Ctrl-C ends it; the notes stay.`);

/** The process lives and is not ready until the server of its databases is there. */
async function startPatiently(): Promise<void> {
  for (;;) {
    try {
      await makeDatabase(connection);
      return await tenancy.start();
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error ? ` (${cause.message})` : "";
      console.error(`Cannot start yet, trying again: ${message}${reason}`);
      await setTimeout(1_000);
    }
  }
}

/** Takes no more requests, finishes those that are in flight, and closes everything. */
async function stop(): Promise<void> {
  await tenancy.close({ server });
  process.exit(0);
}
