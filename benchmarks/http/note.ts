import { defineEntity, p } from "@mikro-orm/sqlite";

/** What the benchmarks read: one row by key. */
export const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.text() },
});
