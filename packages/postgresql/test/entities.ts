import { defineEntity, p } from "@mikro-orm/postgresql";

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
    text: p.string(),
    author: () => p.manyToOne(Author).nullable(),
  },
});
