import { type AccessSubject, accessContract } from "@af-tenancy/testing";
import { afterAll, describe } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";
import { startSharedTables } from "./start-shared-tables.ts";

describe.skipIf(withServer !== "")(`with a server${withServer}`, () => {
  const closing: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  }, 60_000);

  for (const strategy of ["database", "schema"] as const) {
    accessContract(`postgresql, a ${strategy} each`, {
      start: emptied(async () => {
        const over = (work: () => Promise<void>) => void closing.push(work);
        const { db, tenancy, acme, globex } = await startFleet({ strategy }, over);
        return {
          ...{ acme, globex, Note },
          run: (tenant, work) => tenancy.run(tenant as never, async () => work(db.em() as never)),
        };
      }),
    });
  }

  accessContract("postgresql, shared tables", {
    start: emptied(async () => {
      const { run, add, entities, close } = await startSharedTables();
      closing.push(close);
      return { acme: await add(), globex: await add(), Note: entities.Note, run: run as never };
    }),
  });
});

/** Starts it once, and takes what earlier tests wrote out of it. */
function emptied(start: () => Promise<AccessSubject>): () => Promise<AccessSubject> {
  let started: Promise<AccessSubject> | undefined;
  return async () => {
    started ??= start();
    const subject = await started;
    const { acme, globex, Note, run } = subject;
    for (const tenant of [acme, globex]) await run(tenant, (em) => em.nativeDelete(Note, {}));
    return subject;
  };
}
