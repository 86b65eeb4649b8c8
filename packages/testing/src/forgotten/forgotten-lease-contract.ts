import type { Tenant } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";

/** How the contract gets at an application whose scopes forget what they began. */
export interface ForgottenLeaseHarness {
  /** Starts an application for each test, with one connection and a deadline of checkout that no test lives to see. */
  start(): Promise<ForgottenLeaseSubject>;
  /** A query of a thousand rows. */
  readonly manyRows: string;
  /** A query that takes 50 ms. */
  readonly pause: string;
}

/** An application's two tenants, and the entity manager of one of them. */
export interface ForgottenLeaseSubject {
  readonly acme: Tenant;
  readonly globex: Tenant;
  /** An entity of the table `note`: `id` (number) and `text`. */
  readonly Note: unknown;
  run<R>(tenant: Tenant, work: (em: ForgettingManager) => Promise<R>): Promise<R>;
  /** How the connections are used. */
  stats(): unknown;
}

/** What the contract uses of an entity manager. */
export interface ForgettingManager {
  begin(): Promise<void>;
  transactional<R>(work: (em: ForgettingManager) => Promise<R>): Promise<R>;
  insert(entity: unknown, data: object): Promise<unknown>;
  execute(sql: string): Promise<unknown>;
  findAll(entity: unknown): Promise<readonly { readonly text: string }[]>;
  getConnection(): {
    stream(sql: string, parameters?: unknown[], transaction?: unknown): AsyncIterable<unknown>;
  };
  getTransactionContext(): unknown;
}

/**
 * Checks that a transaction or a stream which a scope left open is taken back when its code is over, and told.
 *
 * @example
 * const queries = { manyRows: "select seq from seq_1_to_1000", pause: "select sleep(0.05)" };
 * forgottenLeaseContract("mariadb", { start, ...queries });
 */
export function forgottenLeaseContract(name: string, harness: ForgottenLeaseHarness): void {
  const { manyRows, pause } = harness;

  describe(`what a scope forgot: ${name}`, () => {
    it("F080, F081: gives at once what it threw, and takes its transaction back", async () => {
      const site = await startWarm(harness);

      const run = site.run(site.acme, async (em) => {
        await em.begin();
        await em.insert(site.Note, { id: 2, text: "never" });
        throw "the application's own";
      });

      await expect(run).rejects.toBe("the application's own");
      await expectWhole(site);
    });

    it("F080, F081: is told when nothing was thrown, and taken back", async () => {
      const site = await startWarm(harness);

      const run = site.run(site.acme, async (em) => {
        await em.begin();
        await em.insert(site.Note, { id: 2, text: "never" });
      });

      await expect(run).rejects.toMatchObject({ code: "TRANSACTION_LEFT_OPEN" });
      await expectWhole(site);
    });

    it("keeps nothing that a branch of a failed transaction sends while it is taken back", async () => {
      const site = await startWarm(harness);

      await site.run(site.acme, async (em) => {
        let branch: Promise<unknown> = Promise.resolve();
        const done = em.transactional(async (inner) => {
          branch = inner
            .execute(pause)
            .then(() => inner.execute("insert into note (id, text) values (2, 'late')"));
          branch.catch(() => undefined);
          throw "the other branch's own";
        });

        await expect(done).rejects.toBe("the other branch's own");
        await expect(branch).rejects.toMatchObject({ code: "TRANSACTION_OVER" });
      });

      await expectWhole(site);
    });

    it("is no stream that nobody reads on", async () => {
      const site = await startWarm(harness);

      const stream = await site.run(site.acme, (em) => begun(em.getConnection().stream(manyRows)));

      await expect(stream()).rejects.toMatchObject({ code: "CONTEXT_ENDED" });
      await expectWhole(site);
    });

    it("is no stream that nobody reads on after its transaction", async () => {
      const site = await startWarm(harness);

      await site.run(site.acme, async (em) => {
        const stream = await em.transactional((inner) =>
          begun(inner.getConnection().stream(manyRows, [], inner.getTransactionContext())),
        );
        await expect(stream()).rejects.toMatchObject({ code: "STREAM_ENDED" });
      });

      await expectWhole(site);
    });
  });
}

/** Reads one row, and gives what reads the others. */
async function begun(rows: AsyncIterable<unknown>): Promise<() => Promise<void>> {
  const iterator = rows[Symbol.asyncIterator]();
  await iterator.next();
  return async () => {
    while (!(await iterator.next()).done);
  };
}

/** Each tenant has one note, with the same key. */
async function startWarm({ start }: ForgottenLeaseHarness): Promise<ForgottenLeaseSubject> {
  const site = await start();
  for (const tenant of [site.acme, site.globex]) {
    await site.run(tenant, (em) => em.insert(site.Note, { id: 1, text: tenant.slug }));
  }
  return site;
}

async function expectWhole({ run, acme, globex, Note, stats }: ForgottenLeaseSubject) {
  expect(stats()).toMatchObject([{ leased: 0, waiting: 0 }]);
  for (const tenant of [globex, acme]) {
    const notes = await run(tenant, (em) => em.findAll(Note));
    expect(notes.map(({ text }) => text)).toEqual([tenant.slug]);
  }
}
