import { defineEntity, p } from "@mikro-orm/postgresql";

/** Makes the entities of the contract for shared tables. */
export function sharedEntities() {
  const Country = defineEntity({
    name: "Country",
    properties: { code: p.string().primary(), name: p.string() },
  });
  const Tag = defineEntity({
    name: "Tag",
    properties: { id: p.integer().primary(), label: p.string().unique() },
  });
  const Author = defineEntity({
    name: "Author",
    properties: {
      id: p.integer().primary(),
      name: p.string(),
      email: p.string().nullable().unique(),
      notes: () => p.oneToMany(Note).mappedBy("author"),
    },
  });
  const Note = defineEntity({
    name: "Note",
    properties: {
      id: p.integer().primary(),
      text: p.string(),
      author: () => p.manyToOne(Author).nullable(),
      tags: () => p.manyToMany(Tag),
      comments: () => p.oneToMany(Comment).mappedBy("note"),
    },
  });
  const Comment = defineEntity({
    name: "Comment",
    properties: {
      id: p.integer().primary(),
      text: p.string(),
      note: () => p.manyToOne(Note).deleteRule("cascade"),
    },
  });
  return { Author, Note, Tag, Comment, Country };
}
