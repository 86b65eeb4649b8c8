import { expect, it } from "vitest";
import { rejectionCode } from "../suite/code-of.ts";
import type { MakeSharedTables } from "./shared-tables-contract.ts";
import type { SharedTablesHarness, SharedTablesManager } from "./shared-tables-harness.ts";
import { named, textsOf, withNotes } from "./with-notes.ts";

/** Checks what becomes of SQL that the query builder did not write. */
export function rawSqlTests(make: MakeSharedTables, rawSql: SharedTablesHarness["rawSql"]): void {
  if (rawSql === "refused") refusingTests(make);
  else scopingTests(make);
}

function refusingTests(make: MakeSharedTables): void {
  it("C130, F090: sends no SQL that nothing would keep to the tenant", async () => {
    const subject = await withNotes(make);
    const { Note } = subject.entities;
    const exists = { [subject.raw("exists (select 1 from comment where text = 'globex')")]: [] };
    const breakouts = ["1 = 1)) or ((1 = 1", "1 = 1) or (1 = 1"];
    const { globex } = subject;
    const ways: Record<string, (em: SharedTablesManager) => Promise<unknown>> = {
      select: (em) => em.execute("select * from note"),
      update: (em) => em.execute("update note set text = 'raw'"),
      delete: (em) => em.execute("delete from comment"),
      Kysely: (em) => em.getKysely().selectFrom("note").selectAll().execute(),
      "in a transaction": (em) => em.transactional((tx) => tx.execute("delete from comment")),
      "Kysely in a transaction": (em) =>
        em.transactional((tx) => tx.getKysely().selectFrom("note").selectAll().execute()),
      "a subquery in a raw fragment": (em) => em.find(Note, exists),
      ...Object.fromEntries(
        breakouts.map((sql) => [
          `a fragment that leaves its parentheses: ${sql}`,
          (em: SharedTablesManager) => em.find(Note, { [subject.raw(sql)]: [] }),
        ]),
      ),
      "a second value in a fragment": (em) =>
        em.nativeUpdate(Note, {}, { text: subject.raw(`'x', tenant_id = '${globex.id}'`) }),
      "a subquery as a value": (em) =>
        em.nativeUpdate(Note, {}, { text: subject.raw("(select text from comment limit 1)") }),
      "a conflict in raw SQL": (em) =>
        em
          .createQueryBuilder(Note)
          .insert({ id: 1, text: "x" })
          .onConflict(subject.raw("(id)"))
          .merge()
          .execute(),
      "rows from a query, with their tenant": (em) =>
        em
          .createQueryBuilder(Note)
          .insertFrom(
            em
              .createQueryBuilder(Note)
              .select([subject.raw(`'${globex.id}'`), subject.raw("7"), "text"]),
            { columns: ["tenant_id", "id", "text"] },
          )
          .execute(),
      "a comment that ends before its end": (em) =>
        em.createQueryBuilder(Note).select("*").comment("*/ /*").getResultList(),
      "a hint that ends before its end": (em) =>
        em.createQueryBuilder(Note).select("*").hintComment("*/ /*").getResultList(),
      "an index hint that is none": (em) =>
        em.createQueryBuilder(Note).select("*").indexHint("where 1 = 1 or 1 = 1").getResultList(),
      "an or beside a join": (em) =>
        em
          .createQueryBuilder(Note, "n")
          .select("n.*")
          .leftJoin("n.author", "a", { [subject.raw("1 = 1 or 1 = 1")]: [] })
          .getResultList(),
      "a table by its name": (em) => em.createQueryBuilder("note").select("*").execute(),
    };

    for (const [way, send] of Object.entries(ways)) {
      expect(await rejectionCode(subject.run(subject.acme, (em) => send(em.fork()))), way).toBe(
        "UNSCOPED_SQL",
      );
    }

    expect(await textsOf(subject, subject.globex)).toEqual(["globex"]);
  });
}

function scopingTests(make: MakeSharedTables): void {
  it("C130, F090: keeps raw SQL, Kysely and fragments to the tenant, three tables deep", async () => {
    const subject = await withNotes(make);
    const { Note } = subject.entities;
    const joined =
      "select c.text from author a join note n on n.author_id = a.id join comment c on c.note_id = n.id";

    for (const [tenant, name] of named(subject)) {
      await subject.run(tenant, async (em) => {
        for (const table of ["note", "comment"]) {
          expect(await em.execute(`select text from ${table}`)).toEqual([{ text: name }]);
        }
        expect(await em.execute(joined)).toEqual([{ text: name }]);
        const rows = await em.getKysely().selectFrom("note").selectAll().execute();
        expect(rows.map(({ text }) => text)).toEqual([name]);
        const other = name === "acme" ? "globex" : "acme";
        const exists = {
          [subject.raw(`exists (select 1 from comment where text = '${other}')`)]: [],
        };
        expect(await em.fork().find(Note, exists)).toEqual([]);
        await em.transactional(async (tx) => {
          expect(await tx.execute("select text from note")).toEqual([{ text: name }]);
        });
      });
    }
  });

  it("C130: reaches no other tenant's row with a raw change, and refuses a forged row", async () => {
    const subject = await withNotes(make);
    const forged = `insert into note (tenant_id, id, text) values ('${subject.globex.id}', 2, 'forged')`;

    await subject.run(subject.acme, async (em) => {
      await em.execute("update note set text = 'raw'");
      await em.execute(`update comment set text = 'raw' where tenant_id = '${subject.globex.id}'`);
      await em.execute("delete from comment");
    });
    const inserted = subject.run(subject.acme, (em) => em.execute(forged));
    await expect(inserted).rejects.toThrow(/row-level security/);
    const moved = subject.run(subject.acme, (em) =>
      em.execute(`update note set tenant_id = '${subject.globex.id}', id = 9`),
    );
    await expect(moved).rejects.toThrow(/row-level security/);

    expect(await textsOf(subject, subject.acme)).toEqual(["raw"]);
    expect(await textsOf(subject, subject.globex)).toEqual(["globex"]);
    expect(
      await subject.admin(`select text from comment where tenant_id = '${subject.globex.id}'`),
    ).toEqual([{ text: "globex" }]);
  });
}
