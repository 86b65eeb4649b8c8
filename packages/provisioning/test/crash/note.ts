import { defineEntity, p } from "@mikro-orm/sqlite";

/** What every tenant of a site has; made anew for each driver. */
export function noteEntity() {
  return defineEntity({
    name: "Note",
    properties: { id: p.integer().primary(), text: p.string() },
  });
}
