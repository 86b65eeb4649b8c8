import type { SharedEntities } from "./shared-tables-harness.ts";

/** What the entities of the contract are declared with: `defineEntity` and `p` of a driver's MikroORM. */
export interface EntityWords<Entity> {
  defineEntity(definition: { name: string; properties: Record<string, unknown> }): Entity;
  readonly p: PropertyWords;
}

/** What the contract uses of `p`. */
export interface PropertyWords {
  string(): PropertyWord;
  integer(): PropertyWord;
  manyToOne(entity: unknown): PropertyWord;
  manyToMany(entity: unknown): PropertyWord;
  oneToMany(entity: unknown): PropertyWord;
}

/** What the contract says of a property. */
export interface PropertyWord {
  primary(): PropertyWord;
  nullable(): PropertyWord;
  unique(): PropertyWord;
  ref(): PropertyWord;
  deleteRule(rule: string): PropertyWord;
  mappedBy(property: string): PropertyWord;
}

/**
 * Declares the entities of the contract for shared tables, anew for each application.
 *
 * @example sharedEntities<EntitySchema>({ defineEntity, p } as never)
 */
export function sharedEntities<Entity>({
  defineEntity,
  p,
}: EntityWords<Entity>): Record<keyof SharedEntities, Entity> {
  const Country = defineEntity({
    name: "Country",
    properties: { code: p.string().primary(), name: p.string() },
  });
  const Tag = defineEntity({
    name: "Tag",
    properties: { id: p.integer().primary(), label: p.string().unique() },
  });
  const Author: Entity = defineEntity({
    name: "Author",
    properties: {
      id: p.integer().primary(),
      name: p.string(),
      email: p.string().nullable().unique(),
      notes: () => p.oneToMany(Note).mappedBy("author"),
    },
  });
  const Note: Entity = defineEntity({
    name: "Note",
    properties: {
      id: p.integer().primary(),
      text: p.string(),
      author: () => p.manyToOne(Author).nullable(),
      tags: () => p.manyToMany(Tag),
      comments: () => p.oneToMany(Comment).mappedBy("note"),
    },
  });
  const Comment: Entity = defineEntity({
    name: "Comment",
    properties: {
      id: p.integer().primary(),
      text: p.string(),
      note: () => p.manyToOne(Note).deleteRule("cascade"),
    },
  });
  return { Author, Note, Tag, Comment, Country };
}
