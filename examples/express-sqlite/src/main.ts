import { once } from "node:events";
import { createApp } from "./app.ts";
import { composeTenancy } from "./tenancy.ts";

const port = Number(process.env.PORT || 3000);
const folder = process.env.DATA_DIR || "./data";
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`PORT is "${process.env.PORT}": give a whole number from 0 to 65535.`);
  process.exit(2);
}

const composed = composeTenancy(folder);
const { tenancy } = composed;
await tenancy.start();
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

const server = createApp(composed).listen(port);
try {
  await once(server, "listening");
} catch (error) {
  console.error(
    `Cannot listen on port ${port} (${(error as Error).message}): set PORT to a free one.`,
  );
  process.exit(1);
}
console.log(`Two tenants, and the list of them; their data is in ${folder}:
  http://acme.localhost:${port}
  http://globex.localhost:${port}
  http://localhost:${port}

Try:
  curl http://acme.localhost:${port}/notes -H 'content-type: application/json' -d '{"text": "Hello"}'
  curl http://acme.localhost:${port}/notes
  curl http://globex.localhost:${port}/notes

Ctrl-C ends it; the notes stay.`);

async function stop(): Promise<void> {
  server.close();
  server.closeIdleConnections();
  await tenancy.close();
  process.exit(0);
}

process.once("SIGINT", () => void stop());
process.once("SIGTERM", () => void stop());
