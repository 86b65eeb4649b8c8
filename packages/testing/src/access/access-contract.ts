import type { Tenant, TenantAccess } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { rejectionCode } from "../suite/code-of.ts";

/** How the contract gets at an application whose tenants' access may be changed. */
export interface AccessHarness {
  /** Starts an application with two tenants for each test. */
  start(): Promise<AccessSubject>;
  /** Whether SQL that no query builder wrote is refused for whom may write, too. */
  readonly refusesRawSql?: boolean;
}

/** An application and two of its tenants. */
export interface AccessSubject {
  readonly acme: Tenant;
  readonly globex: Tenant;
  /** An entity of the table `note`: `id` (number) and `text`. */
  readonly Note: unknown;
  /** Runs work with the entity manager of a tenant as it is given, its access included. */
  run<R>(tenant: Tenant, work: (em: AccessManager) => Promise<R>): Promise<R>;
}

/** What the contract uses of an entity manager. */
export interface AccessManager {
  find(entity: unknown, where: object, options?: object): Promise<{ text: string }[]>;
  findOneOrFail(entity: unknown, key: number): Promise<{ text: string }>;
  create(entity: unknown, data: object): object;
  remove(entity: object): unknown;
  flush(): Promise<void>;
  clear(): void;
  insert(entity: unknown, data: object): Promise<unknown>;
  upsert(entity: unknown, data: object): Promise<unknown>;
  nativeUpdate(entity: unknown, where: object, data: object): Promise<unknown>;
  nativeDelete(entity: unknown, where: object): Promise<unknown>;
  transactional<R>(work: (em: AccessManager) => Promise<R>): Promise<R>;
  execute(sql: string): Promise<unknown>;
}

/**
 * Checks that the entity managers of a tenant that may only be read refuse every way to write and go on reading, while
 * another tenant with the same keys writes.
 *
 * @example accessContract("postgresql, schemas", { start });
 */
export function accessContract(name: string, { start, refusesRawSql }: AccessHarness): void {
  describe(`access: ${name}`, () => {
    it.each(Object.entries(waysToWrite))("that is read-only refuses %s", async (way, write) => {
      const { acme, globex, Note, run } = await seeded(start);
      const begun = gate();
      const done = gate();

      const writing = run(globex, async (em) => {
        await begun.opened;
        await write(em, Note).catch((error: unknown) => {
          if (!refusesRawSql) throw error;
        });
        await done.opened;
      });
      const code = await run(withAccess(acme, "read-only"), async (em) => {
        begun.open();
        const refused = await rejectionCode(write(em, Note));
        expect((await em.find(Note, {})).map(({ text }) => text)).toEqual([acme.slug]);
        return refused;
      });
      done.open();
      await writing;

      const isRefusedAnyway = way === rawSql && refusesRawSql;
      expect(code).toBe(isRefusedAnyway ? "UNSCOPED_SQL" : "TENANT_READ_ONLY");
      expect(await textsOf(run, acme, Note)).toEqual([acme.slug]);
      const isWritten = (await textsOf(run, globex, Note)).join() !== globex.slug;
      expect(isWritten).toBe(!isRefusedAnyway);
    });

    it("that is closed gives nothing, to read or to write", async () => {
      const { acme, globex, Note, run } = await seeded(start);
      const closed = withAccess(acme, "closed");

      const read = async () => run(closed, (em) => em.find(Note, {}));

      expect(await rejectionCode(read())).toBe("TENANT_CLOSED");
      expect(await textsOf(run, globex, Note)).toEqual([globex.slug]);
    });

    it("that changes is obeyed by scopes entered afterwards, whichever ends first", async () => {
      const { acme, Note, run } = await seeded(start);
      const insert = (em: AccessManager, id: number) => em.insert(Note, { id, text: `n-${id}` });

      const entered = gate();
      const changed = gate();

      const before = run(acme, async (em) => {
        entered.open();
        await changed.opened;
        await insert(em, 3);
      });
      await entered.opened;
      const after = await run(withAccess(acme, "read-only"), (em) => rejectionCode(insert(em, 2)));
      changed.open();
      await before;
      expect(after).toBe("TENANT_READ_ONLY");
      await run(withAccess(acme, "read-write"), (em) => insert(em, 4));

      expect(await textsOf(run, acme, Note)).toEqual([acme.slug, "n-3", "n-4"]);
    });
  });
}

type Write = (em: AccessManager, Note: unknown) => Promise<unknown>;

const rawSql = "raw SQL";

const waysToWrite: Readonly<Record<string, Write>> = {
  async "a flush of something new"(em, Note) {
    em.create(Note, { id: 2, text: "new" });
    // What could not be written is no part of what the manager knows.
    await em.flush().finally(() => em.clear());
  },
  async "a flush of a change"(em, Note) {
    (await em.findOneOrFail(Note, 1)).text = "changed";
    await em.flush().finally(() => em.clear());
  },
  async "a flush of a removal"(em, Note) {
    em.remove(await em.findOneOrFail(Note, 1));
    await em.flush().finally(() => em.clear());
  },
  insert: (em, Note) => em.insert(Note, { id: 2, text: "new" }),
  upsert: (em, Note) => em.upsert(Note, { id: 1, text: "changed" }),
  "an update": (em, Note) => em.nativeUpdate(Note, { id: 1 }, { text: "changed" }),
  "a delete": (em, Note) => em.nativeDelete(Note, { id: 1 }),
  "a transaction": (em, Note) =>
    em.transactional(async (inner) => inner.insert(Note, { id: 2, text: "new" })),
  [rawSql]: (em) => em.execute("update note set text = 'changed'"),
};

async function seeded(start: AccessHarness["start"]): Promise<AccessSubject> {
  const subject = await start();
  const { acme, globex, Note, run } = subject;
  for (const tenant of [acme, globex]) {
    await run(tenant, (em) => em.insert(Note, { id: 1, text: tenant.slug }));
  }
  return subject;
}

async function textsOf(
  run: AccessSubject["run"],
  tenant: Tenant,
  Note: unknown,
): Promise<readonly string[]> {
  const notes = await run(tenant, (em) => em.find(Note, {}, { orderBy: { id: "asc" } }));
  return notes.map(({ text }) => text);
}

function withAccess(tenant: Tenant, access: TenantAccess): Tenant {
  return { ...tenant, access } as Tenant;
}

function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
