import type { Tenant } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { rejectionCode } from "../suite/code-of.ts";

/** How the contract gets at an application whose databases know readers. */
export interface ReaderHarness {
  /** Starts an application for each test. */
  start(): Promise<ReaderSubject>;
  /** Statements of the dialect that would end a reader's transaction, however it is written. */
  readonly endings: readonly string[];
}

/** An application's two tenants, and the entity managers of one of them. */
export interface ReaderSubject {
  readonly acme: Tenant;
  readonly globex: Tenant;
  /** An entity of the table `note`: `id` (number) and `text`. */
  readonly Note: unknown;
  /** Runs work with the tenant's entity manager and its reader's. */
  run<R>(
    tenant: Tenant,
    work: (writer: WritingManager, reader: ReadingManager) => Promise<R>,
  ): Promise<R>;
}

/** What the contract uses of an entity manager. */
export interface WritingManager {
  insert(entity: unknown, data: object): Promise<unknown>;
  findOneOrFail(entity: unknown, key: number): Promise<{ readonly text: string }>;
}

/** What the contract uses of a reader's. */
export interface ReadingManager {
  transactional<R>(work: (em: ReadingManager) => Promise<R>): Promise<R>;
  execute(sql: string): Promise<unknown>;
}

/**
 * Checks that nothing is written through a reader whose transaction a statement would end.
 *
 * @example readerContract("mysql", { start, endings: ["# done\nset autocommit = 1"] });
 */
export function readerContract(name: string, { start, endings }: ReaderHarness): void {
  describe(`readers: ${name}`, () => {
    it.each(endings)("get nothing written behind %j", async (ending) => {
      const { run, acme, globex, Note } = await start();
      for (const tenant of [acme, globex]) {
        await run(tenant, (em) => em.insert(Note, { id: 1, text: tenant.slug }));
      }

      const codes = await run(acme, (_, reader) =>
        reader.transactional(async (em) => [
          await rejectionCode(em.execute(ending)),
          await rejectionCode(em.execute("update note set text = 'written'")),
        ]),
      );

      expect(codes).toEqual(["READ_ONLY_MANAGER", "READ_ONLY_MANAGER"]);
      for (const tenant of [acme, globex]) {
        const { text } = await run(tenant, (em) => em.findOneOrFail(Note, 1));
        expect(text).toBe(tenant.slug);
      }
    });
  });
}
