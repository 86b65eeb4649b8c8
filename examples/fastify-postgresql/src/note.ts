import { defineEntity, type InferEntity, p } from "@mikro-orm/postgresql";

/** A note; each tenant's are numbered from 1 in its own schema. */
export const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary().autoincrement(), text: p.text() },
});

/** A note as it is read. */
export type Note = InferEntity<typeof Note>;
