import { PoolExhaustedError, type SeederDialect } from "@af-tenancy/database";
import { isBusy } from "./busy.ts";

/** How SQLite remembers seeders: a transaction has the file for itself from its beginning. */
export const seederDialect = Object.freeze<SeederDialect>({
  lock: "",
  tableOptions: "",
  isLocked: (error) => isBusy(error) || error instanceof PoolExhaustedError,
});
