import { defineEntity, p } from "@mikro-orm/mysql";

/** Who writes notes. */
export const Author = defineEntity({
  name: "Author",
  properties: { id: p.integer().primary(), name: p.string() },
});

/** What every tenant of these tests has. */
export const Note = defineEntity({
  name: "Note",
  properties: {
    id: p.integer().primary(),
    text: p.string().index(),
    tags: p.json().$type<Record<string, unknown>>().nullable(),
    author: () => p.manyToOne(Author).nullable(),
  },
});
