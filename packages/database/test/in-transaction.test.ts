import { systemClock } from "@af-tenancy/core";
import { PoolExhaustedError, SingleConnection, sqlRunner, Turns } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { inTransaction } from "../src/connection/in-transaction.ts";
import { openInMemory } from "./memory-driver.ts";

it("keeps what was written when the work resolves, and gives its result", async () => {
  const { lease, run } = await make();

  const result = await inTransaction(lease, async () => {
    await run("insert into note values (1)");
    return "done";
  });

  expect(result).toBe("done");
  expect(await run("select id from note")).toEqual([{ id: 1 }]);
});

it("takes everything back when the work rejects, and leaves no transaction open", async () => {
  const { lease, run } = await make();

  const failed = inTransaction(lease, async () => {
    await run("insert into note values (1)");
    throw new RangeError("on purpose");
  });

  await expect(failed).rejects.toThrow("on purpose");
  expect(await run("select id from note")).toEqual([]);
  await expect(run("commit")).rejects.toThrow("no transaction is active");
});

async function make() {
  const connection = new SingleConnection({
    open: () => openInMemory(),
    turns: new Turns(systemClock(), 50, (waited) => new PoolExhaustedError("acme", waited)),
  });
  const lease = await connection.lease();
  const run = sqlRunner(lease.connection);
  await run("create table note (id integer)");
  return { lease, run };
}
