import { randomUUID } from "node:crypto";
import type { RunSql } from "@af-tenancy/database";
import { literal } from "../quoted.ts";
import type { PostgresqlCheck } from "./postgresql-patient.ts";

/** A pooler that hands out sessions by transaction gives one user what another has set. */
export const unsafePooler: PostgresqlCheck = {
  id: "postgresql/unsafe-pooler",
  severity: "error",
  remedy:
    "Say `pooler: true` for this server, or connect to it directly; session-level SET, LISTEN and advisory locks are then refused.",

  async look({ server, address, refusal, inTwo }) {
    if (address.pooler) return [];
    const message = refusal ?? (await inTwo(mixUp));
    return message === undefined ? [] : [{ subject: `server "${server}"`, message }];
  },
};

/**
 * Says how two sessions were mixed up. It sets a variable that means nothing to anybody, because in a pooler that mixes
 * sessions up it stays behind for strangers.
 */
async function mixUp(one: RunSql, other: RunSql): Promise<string | undefined> {
  for (let round = 0; round < rounds; round++) {
    const mark = randomUUID();
    await one(`select set_config('${variable}', ${literal(mark)}, false)`);
    await other("begin");
    const seen = await read(other);
    await other("rollback");
    if (seen === mark) return "A session saw what another session had set.";
    if ((await read(one)) !== mark) return "A session lost what it had set.";
  }
  return undefined;
}

async function read(run: RunSql): Promise<string | null | undefined> {
  const [row] = await run<{ readonly mark: string | null }>(
    `select current_setting('${variable}', true) as mark`,
  );
  return row?.mark;
}

const variable = "af_tenancy.doctor";

/** Others may use the pooler meanwhile, and take the session that would have given it away. */
const rounds = 10;
