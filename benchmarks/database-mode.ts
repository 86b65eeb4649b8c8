import { compareModes } from "./database-mode/compare-modes.ts";

// Promise: requests of ten warm tenants with one query each, against hand-held MikroORM instances, one for each tenant:
// at least 0.95 of the throughput on every driver.
await compareModes("database-mode/");
