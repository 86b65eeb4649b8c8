import { fileURLToPath } from "node:url";
import { compareServers } from "./http/compare-servers.ts";

// Promise: tenanted against plain Fastify with three lazy bootstrappers: parsing JSON and reading one SQLite row by key
// has at least 0.95 of the throughput, an empty JSON route at least 0.90.
await compareServers(
  "http-fastify",
  fileURLToPath(new URL("./http/fastify-server.ts", import.meta.url)),
);
