import { compareModes } from "./database-mode/compare-modes.ts";

// Promise: requests of ten warm tenants with a schema each over four shared connections, one query each, against
// hand-written MikroORM queries with qualified names: at least 0.90 of the throughput.
await compareModes("schema-mode/");
