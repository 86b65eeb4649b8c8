import type { Tenant } from "@af-tenancy/core";
import { expect, it } from "vitest";
import type { MakeSharedTables } from "./shared-tables-contract.ts";
import type { Row, SharedTablesManager } from "./shared-tables-harness.ts";
import { named, withNotes } from "./with-notes.ts";

/** Checks that nothing is read but the tenant's own rows. */
export function readingTests(make: MakeSharedTables): void {
  it("C126: keeps every way of reading to the tenant, and no option switches it off", async () => {
    const subject = await withNotes(make);
    const { Note } = subject.entities;
    const everything = { [subject.raw("1 = 1 or 1 = 1")]: [] };
    const ways: Record<string, (em: SharedTablesManager) => Promise<Row[]>> = {
      find: (em) => em.find(Note, {}),
      "find by key": async (em) => listed(await em.findOne(Note, 1)),
      "find without filters": (em) => em.find(Note, {}, { filters: false }),
      "find by a raw condition": (em) => em.find(Note, everything),
      "find by a relation": (em) => em.find(Note, { author: { email: "same@example.com" } }),
      "find by a collection": (em) => em.find(Note, { tags: { label: "same" } }),
      "find by some of a collection": (em) => em.find(Note, { tags: { $some: { label: "same" } } }),
      "joined and in pages": (em) =>
        em.find(Note, {}, { populate: ["tags"], strategy: "joined", limit: 5, orderBy: { id: 1 } }),
      "query builder": (em) => em.createQueryBuilder(Note).select("*").getResultList(),
      "query builder with a raw condition": (em) =>
        em.createQueryBuilder(Note, "n").select("*").where(everything).getResultList(),
      "query builder with a join": (em) =>
        em.createQueryBuilder(Note, "n").select("n.*").leftJoin("n.author", "a").getResultList(),
      "stream of the query builder": (em) =>
        collected(em.createQueryBuilder(Note).select("*").stream()),
      stream: (em) => collected(em.stream(Note)),
    };

    for (const [tenant, name] of named(subject)) {
      for (const [way, read] of Object.entries(ways)) {
        const rows = await subject.run(tenant, (em) => read(em.fork()));
        expect(
          rows.map(({ text }) => text),
          way,
        ).toEqual([name]);
      }
    }
  });

  it("F092: gives every scope an identity map of its own, also to tenants with equal keys", async () => {
    const subject = await withNotes(make);
    const { Note } = subject.entities;
    const read = (tenant: Tenant, times: number) =>
      subject.run(tenant, async (em) => {
        const read: (Row | null)[] = [];
        for (let time = 0; time < times; time++) read.push(await em.findOne(Note, 1));
        return read;
      });

    const [[ofAcme, again], [later, stillLater], [ofGlobex]] = await Promise.all([
      read(subject.acme, 2),
      read(subject.acme, 3),
      read(subject.globex, 1),
    ]);

    expect([again === ofAcme, stillLater === later, later === ofAcme]).toEqual([true, true, false]);
    expect([ofAcme?.text, later?.text, ofGlobex?.text]).toEqual(["acme", "acme", "globex"]);
  });

  it("C126: keeps and finds texts that read like SQL as they were written", async () => {
    const subject = await withNotes(make);
    const { Note } = subject.entities;

    for (const [tenant, name] of named(subject)) {
      const written = textsLikeSql.map((text) => `${text} ${name}`);
      await subject.run(tenant, async (em) => {
        for (const [at, text] of written.entries()) em.create(Note, { id: 10 + at, text });
        await em.flush();
        await em.fork().nativeUpdate(Note, { text: written[0] }, { text: `${written[0]}!` });
      });
    }

    for (const [tenant, name] of named(subject)) {
      for (const [at, text] of textsLikeSql.entries()) {
        const expected = `${text} ${name}${at === 0 ? "!" : ""}`;
        const found = await subject.run(tenant, (em) => em.fork().find(Note, { text: expected }));
        expect(found, text).toMatchObject([{ id: 10 + at, text: expected }]);
      }
    }
  });

  it("C126: counts the tenant's rows only", async () => {
    const subject = await withNotes(make);
    const { Note } = subject.entities;

    await subject.run(subject.globex, (em) => em.insert(Note, { id: 2, text: "second" }));

    for (const [tenant, expected] of [
      [subject.acme, 1],
      [subject.globex, 2],
    ] as const) {
      await subject.run(tenant, async (em) => {
        expect(await em.count(Note, {}, { filters: { tenant: false } })).toBe(expected);
        expect(await em.createQueryBuilder(Note).getCount()).toBe(expected);
      });
    }
  });

  it("C128: keeps children to the tenant through their parents, and where they are asked for directly", async () => {
    const subject = await withNotes(make);
    const { Author, Comment } = subject.entities;

    for (const [tenant, name] of named(subject)) {
      for (const strategy of ["joined", "select-in"]) {
        const authors = await subject.run(tenant, (em) =>
          em
            .fork()
            .find(Author, {}, { populate: ["notes", "notes.comments", "notes.tags"], strategy }),
        );
        expect(JSON.parse(JSON.stringify(authors)), strategy).toMatchObject([
          { name, notes: [{ text: name, comments: [{ text: name }], tags: [{ label: "same" }] }] },
        ]);
        expect(JSON.stringify(authors)).not.toContain("tenant");
      }
      const comments = await subject.run(tenant, (em) => em.fork().find(Comment, {}));
      expect(comments.map(({ text }) => text)).toEqual([name]);
    }
  });

  it("C129: never scopes global entities", async () => {
    const subject = await make();
    const { Country } = subject.entities;
    const code = subject.acme.id;

    await subject.run(subject.acme, (em) => em.insert(Country, { code, name: "Utopia" }));

    const seen = await subject.run(subject.globex, (em) => em.findOne(Country, code));
    expect(seen).toMatchObject({ name: "Utopia" });
  });
}

function listed(row: Row | null): Row[] {
  return row === null ? [] : [row];
}

async function collected(rows: AsyncIterable<Row>): Promise<Row[]> {
  const found: Row[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

/** What people write, and what a look at the SQL around it could take for part of it. */
const textsLikeSql: readonly string[] = [
  "Please discard it",
  "set role admin; reset all; set_config app.tenant",
  "'; commit; select '",
  "C:\\",
  "\\'; rollback; --",
  '/* */ ; commit # -- `"',
  "$$; commit $$ ? ?? :a $1",
  'U&"a"',
];
