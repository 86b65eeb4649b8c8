import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import type { TenantRecord } from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import { serveSharedTables } from "@af-tenancy/testing";
import { expect, it, onTestFinished } from "vitest";
import { Author, Note } from "./entities.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it.each(["delete", "wal"] as const)(
  "refuses at once what another tenant writes inside a transaction on the file that both share (%s)",
  async (journalMode) => {
    const { db, run, acme, globex } = await startShared(journalMode);

    const codes = await run(acme, () =>
      db.em().transactional(async (em) => {
        await em.insert(Note, { id: 1, text: "acme" });
        return [
          await run(globex, () => code(db.em().insert(Note, { id: 1, text: "globex" }))),
          await run(globex, () => code(db.em().transactional((own) => own.count(Note)))),
          await run(globex, () => db.em().count(Note)),
        ];
      }),
    );

    expect(codes).toEqual(["CONNECTION_HELD", "CONNECTION_HELD", 0]);
    await run(globex, () => db.em().insert(Note, { id: 1, text: "globex" }));
    for (const [tenant, text] of [
      [acme, "acme"],
      [globex, "globex"],
    ] as const) {
      expect(await run(tenant, () => db.em().find(Note, {}))).toMatchObject([{ id: 1, text }]);
    }
  },
);

it("has a tenant wait for another's transaction that it is not inside of", async () => {
  const { db, run, acme, globex } = await startShared("wal");
  const begun = new AbortController();

  const first = run(acme, () =>
    db.em().transactional(async (em) => {
      await em.insert(Note, { id: 1, text: "acme" });
      begun.abort();
      await setTimeout(20);
    }),
  );
  await once(begun.signal, "abort");
  const second = run(globex, () => db.em().insert(Note, { id: 1, text: "globex" }));
  await Promise.all([first, second]);

  for (const tenant of [acme, globex]) {
    expect(await run(tenant, () => db.em().count(Note))).toBe(1);
  }
});

async function startShared(journalMode: "delete" | "wal") {
  const db = sqlite({
    ...{ folder: temporaryFolder(), entities: [Note, Author], journalMode },
    strategies: ["row"],
  });
  const served = await serveSharedTables(db);
  onTestFinished(() => served.close());
  const [acme, globex] = [await served.add(), await served.add()];
  const run = <R>(tenant: TenantRecord, work: () => Promise<R>) => served.tenancy.run(tenant, work);
  return { db, run, acme, globex };
}

/** The code that the work fails with; `undefined` when it does not. */
async function code(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return Reflect.get(error as object, "code");
  }
}
