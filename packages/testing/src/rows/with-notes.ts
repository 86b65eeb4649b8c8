import type { Tenant } from "@af-tenancy/core";
import type { MakeSharedTables, SharedTablesSubject } from "./shared-tables-contract.ts";
import type { Row } from "./shared-tables-harness.ts";

/** Two tenants, each with the same keys and values of its own: an author, a note, a comment and a tag. */
export async function withNotes(make: MakeSharedTables): Promise<SharedTablesSubject> {
  const subject = await make();
  const { Author, Note, Tag, Comment } = subject.entities;
  for (const [tenant, name] of named(subject)) {
    await subject.run(tenant, async (em) => {
      const author = em.create(Author, { id: 1, name, email: "same@example.com" });
      const tag = em.create(Tag, { id: 1, label: "same" });
      const note = em.create(Note, { id: 1, text: name, author, tags: [tag] });
      em.create(Comment, { id: 1, text: name, note });
      await em.flush();
    });
  }
  return subject;
}

/** Both tenants with their names. */
export function named({
  acme,
  globex,
}: SharedTablesSubject): readonly (readonly [Tenant, string])[] {
  return [
    [acme, "acme"],
    [globex, "globex"],
  ];
}

/** The texts of all of a tenant's notes, in the order of their keys. */
export async function textsOf(subject: SharedTablesSubject, tenant: Tenant): Promise<unknown[]> {
  const notes = await subject.run(tenant, (em) =>
    em.fork().find(subject.entities.Note, {}, { orderBy: { id: 1 } }),
  );
  return notes.map(({ text }: Row) => text);
}
