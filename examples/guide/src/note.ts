import { defineEntity, p } from "@mikro-orm/sqlite";

/** What tenants keep in these examples. */
export const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.text() },
});
