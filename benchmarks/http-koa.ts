import { fileURLToPath } from "node:url";
import { compareServers } from "./http/compare-servers.ts";

// Promise: tenanted against plain Koa with three lazy bootstrappers: parsing JSON and reading one SQLite row by key
// has at least 0.95 of the throughput, an empty JSON route at least 0.93.
await compareServers("http-koa", fileURLToPath(new URL("./http/koa-server.ts", import.meta.url)));
