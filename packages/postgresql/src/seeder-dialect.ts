import type { SeederDialect } from "@af-tenancy/database";
import { codeOf } from "./server-errors.ts";

/** How PostgreSQL remembers seeders. */
export const seederDialect = Object.freeze<SeederDialect>({
  lock: " for update nowait",
  tableOptions: "",
  isLocked: (error) => codeOf(error) === "55P03",
});
