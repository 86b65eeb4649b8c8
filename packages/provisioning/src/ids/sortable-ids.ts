import { monotonicFactory } from "ulid";
import { v7 } from "uuid";
import type { IdGenerator } from "./id-generator.ts";

/** Makes UUIDs of version 7, the default: those of one process sort as they were made, also within a millisecond. */
export function uuidV7Ids(): IdGenerator {
  return () => v7();
}

/** Makes ULIDs, 26 of Crockford's 32 characters: those of one generator sort as they were made, also within a millisecond. */
export function ulidIds(): IdGenerator {
  const ulid = monotonicFactory();
  return () => ulid();
}
