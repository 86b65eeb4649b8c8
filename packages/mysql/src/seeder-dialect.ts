import type { SeederDialect } from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";

/** How MySQL and MariaDB remember seeders. */
export const seederDialect = Object.freeze<SeederDialect>({
  lock: " for update nowait",
  tableOptions: " engine = innodb character set utf8mb4 collate utf8mb4_bin",
  isLocked(error) {
    const code = codeOf(error);
    return code === "ER_LOCK_NOWAIT" || code === "ER_LOCK_WAIT_TIMEOUT";
  },
});
