import { expect, it } from "vitest";
import { rejectionCode } from "../suite/code-of.ts";
import type { MakeSharedTables } from "./shared-tables-contract.ts";
import type { SharedTablesManager } from "./shared-tables-harness.ts";
import { textsOf, withNotes } from "./with-notes.ts";

/** Checks that nothing is written but the tenant's own rows. */
export function writingTests(make: MakeSharedTables): void {
  it("C126: fills in the tenant, whichever way a row is made", async () => {
    const subject = await make();
    const { Note } = subject.entities;
    await subject.run(subject.acme, async (em) => {
      for (const id of [1, 2]) em.create(Note, { id, text: `created ${id}` });
      await em.flush();
      await em.insert(Note, { id: 3, text: "inserted" });
      await em.insertMany(
        Note,
        [4, 5].map((id) => ({ id, text: `many ${id}` })),
      );
      await em.upsert(Note, { id: 6, text: "upserted" });
      await em
        .createQueryBuilder(Note)
        .insert([{ id: 7, text: "built" }])
        .execute();
    });

    const rows = await subject.admin(
      `select id from note where tenant_id = '${subject.acme.id}' order by id`,
    );

    expect(rows.map(({ id }) => Number(id))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await textsOf(subject, subject.globex)).toEqual([]);
  });

  it("C126: hands out keys that are free in the tenant", async () => {
    const subject = await make();
    const { Note } = subject.entities;
    for (const tenant of [subject.acme, subject.globex, subject.acme]) {
      await subject.run(tenant, async (em) => {
        em.create(Note, { text: "one" });
        em.create(Note, { text: "two" });
        await em.flush();
        await em.insertMany(Note, [{ text: "three" }, { text: "four" }]);
      });
    }

    expect(await textsOf(subject, subject.acme)).toHaveLength(8);
    expect(await textsOf(subject, subject.globex)).toHaveLength(4);
  });

  it("C127: has the database refuse a row without a tenant", async () => {
    const subject = await make();

    const inserted = subject.admin("insert into note (id, text) values (1, 'nobody')");

    await expect(inserted).rejects.toThrow();
  });

  it("C126: refuses rows and changes that name another tenant", async () => {
    const subject = await withNotes(make);
    const { Note } = subject.entities;
    const forged = { tenant_id: subject.globex.id };
    const ways: ((em: SharedTablesManager) => Promise<unknown>)[] = [
      (em) => em.insert(Note, { id: 2, text: "forged", ...forged }),
      (em) => em.insertMany(Note, [{ id: 2, text: "forged", ...forged }]),
      (em) => em.nativeUpdate(Note, { id: 1 }, forged),
      (em) =>
        em
          .createQueryBuilder(Note)
          .insert({ id: 2, text: "forged", ...forged })
          .execute(),
      (em) => em.createQueryBuilder(Note).update(forged).where({ id: 1 }).execute(),
      (em) =>
        em
          .createQueryBuilder(Note)
          .insert({ id: 1, text: "forged" })
          .onConflict("id")
          .merge(forged)
          .execute(),
    ];

    for (const way of ways) {
      expect(await rejectionCode(subject.run(subject.acme, way))).toBe("TENANT_MISMATCH");
    }

    expect(await textsOf(subject, subject.globex)).toEqual(["globex"]);
  });

  it("C126: changes and removes the tenant's own rows only, without looking at them first", async () => {
    const subject = await withNotes(make);
    const { Note, Comment } = subject.entities;
    const all = { [subject.raw("1 = 1 or 1 = 1")]: [] };
    const changes: ((em: SharedTablesManager) => Promise<unknown>)[] = [
      (em) => em.nativeUpdate(Note, {}, { text: "changed" }),
      (em) => em.nativeUpdate(Note, all, { text: "changed" }),
      (em) => em.createQueryBuilder(Note).update({ text: "changed" }).execute(),
      (em) =>
        em
          .createQueryBuilder(Note)
          .update({ text: "changed" })
          .where({ author: { email: "same@example.com" } })
          .execute(),
      async (em) => {
        Object.assign(em.getReference(Note, 1), { text: "changed" });
        await em.flush();
      },
      (em) => em.upsert(Note, { id: 1, text: "changed" }),
      (em) =>
        em.upsertMany(Note, [
          { id: 1, text: "changed" },
          { id: 2, text: "changed" },
        ]),
      async (em) => {
        for (const note of await em.find(Note, {})) note.text = "changed";
        await em.flush();
      },
    ];
    for (const change of changes) {
      await subject.run(subject.acme, (em) => change(em.fork()));
      expect(new Set(await textsOf(subject, subject.acme))).toEqual(new Set(["changed"]));
      expect(await textsOf(subject, subject.globex)).toEqual(["globex"]);
      await subject.run(subject.acme, (em) => em.nativeUpdate(Note, {}, { text: "again" }));
    }

    await subject.run(subject.acme, async (em) => {
      em.remove(em.getReference(Comment, 1));
      await em.flush();
      await em.nativeDelete(Note, all);
      await em.createQueryBuilder(Note).truncate().execute();
      await em.createQueryBuilder(Comment).delete().execute();
    });

    expect(await textsOf(subject, subject.acme)).toEqual([]);
    expect(await textsOf(subject, subject.globex)).toEqual(["globex"]);
    expect(await subject.run(subject.globex, (em) => em.count(Comment))).toBe(1);
  });

  it("C129: keeps unique values to the tenant, also where a row gives way to another", async () => {
    const subject = await withNotes(make);
    const { Author } = subject.entities;

    await subject.run(subject.acme, (em) =>
      em.upsert(Author, { name: "taken over", email: "same@example.com" }),
    );
    const twice = subject.run(subject.acme, (em) =>
      em.insert(Author, { id: 9, name: "second", email: "same@example.com" }),
    );

    await expect(twice).rejects.toThrow();
    const [mine, theirs] = await Promise.all(
      [subject.acme, subject.globex].map((tenant) =>
        subject.run(tenant, (em) => em.fork().find(Author, {})),
      ),
    );
    expect(mine).toMatchObject([{ id: 1, name: "taken over" }]);
    expect(theirs).toMatchObject([{ id: 1, name: "globex" }]);
  });

  it("C128: has the database refuse a reference to another tenant's row", async () => {
    const subject = await withNotes(make);
    const { Author, Comment } = subject.entities;
    await subject.run(subject.globex, (em) => em.insert(Author, { id: 7, name: "theirs" }));
    await subject.run(subject.globex, (em) =>
      em.insert(subject.entities.Note, { id: 7, text: "t" }),
    );

    const referred = subject.run(subject.acme, (em) =>
      em.insert(Comment, { id: 2, text: "stray", note: 7 }),
    );

    await expect(referred).rejects.toThrow();
  });

  it("unsets references to a row that goes, and leaves the tenant and others' references alone", async () => {
    const subject = await withNotes(make);
    const { Author, Note } = subject.entities;

    await subject.run(subject.acme, (em) => em.nativeDelete(Author, { id: 1 }));

    const [mine, theirs] = await Promise.all(
      [subject.acme, subject.globex].map((tenant) =>
        subject.run(tenant, (em) => em.fork().find(Note, {}, { populate: ["author"] })),
      ),
    );
    expect(mine).toMatchObject([{ text: "acme", author: null }]);
    expect(theirs).toMatchObject([{ text: "globex", author: { name: "globex" } }]);
  });

  it("F015: refuses another tenant's entity before any SQL", async () => {
    const subject = await withNotes(make);
    const { Note, Comment } = subject.entities;
    const note = await subject.run(subject.globex, (em) => em.findOne(Note, 1));
    if (note === null) return expect.unreachable();
    const ways: ((em: SharedTablesManager) => Promise<unknown>)[] = [
      async (em) => em.persist(note),
      async (em) => em.merge(note),
      async (em) => em.remove(note),
      async (em) => {
        em.create(Comment, { id: 5, text: "stray", note });
        await em.flush();
      },
      (em) => em.insert(Comment, { id: 5, text: "stray", note }),
      (em) => em.insertMany(Comment, [{ id: 5, text: "stray", note }]),
      (em) => em.upsert(Comment, { id: 5, text: "stray", note }),
      (em) => em.nativeUpdate(Comment, { id: 1 }, { note }),
      (em) => em.nativeUpdate(Comment, { note }, { text: "stray" }),
      (em) => em.find(Comment, { $or: [{ note: { $in: [note] } }] }),
      (em) => em.createQueryBuilder(Comment).select("id").where({ note }).execute(),
      (em) => em.createQueryBuilder(Comment).insert({ id: 5, text: "stray", note }).execute(),
      (em) => em.createQueryBuilder(Comment).update({ note }).execute(),
    ];

    for (const way of ways) {
      const refused = subject.run(subject.acme, async (em) => way(em.fork()));
      expect(await rejectionCode(refused)).toBe("TENANT_MISMATCH");
    }

    expect(await textsOf(subject, subject.acme)).toEqual(["acme"]);
  });

  it("removes a tenant with all its rows, and nothing of another's", async () => {
    const subject = await withNotes(make);
    const gone = await subject.add();
    await subject.run(gone, async (em) => {
      const { Note, Comment, Author, Tag } = subject.entities;
      const author = em.create(Author, { id: 1, name: "gone" });
      const note = em.create(Note, {
        id: 1,
        text: "gone",
        author,
        tags: [em.create(Tag, { id: 1, label: "x" })],
      });
      em.create(Comment, { id: 1, text: "gone", note });
      await em.flush();
    });

    await subject.drop(gone);
    await subject.drop(gone);

    for (const table of ["author", "note", "comment", "tag", "note_tags", "_tenancy_owner"]) {
      const left = await subject.admin(`select 1 from ${table} where tenant_id = '${gone.id}'`);
      expect(left, table).toEqual([]);
    }
    expect(await textsOf(subject, subject.acme)).toEqual(["acme"]);
  });
}
