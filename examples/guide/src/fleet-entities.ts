import { defineEntity, p } from "@mikro-orm/sqlite";

// #region entities
/** New entities for each driver: MikroORM writes on an entity whose ORM it is. */
export function fleetEntities(_driver: string) {
  const Author = defineEntity({
    name: "Author",
    properties: { id: p.integer().primary(), name: p.string() },
  });
  const Note = defineEntity({
    name: "Note",
    properties: {
      id: p.integer().primary(),
      text: p.string(),
      author: () => p.manyToOne(Author).nullable(),
    },
  });
  return { Author, Note };
}
// #endregion
