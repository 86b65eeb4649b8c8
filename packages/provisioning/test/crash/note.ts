import { defineEntity, p } from "@mikro-orm/sqlite";

/** What every tenant of a site has; made anew for each driver. */
export function noteEntity() {
  return defineEntity({
    name: "Note",
    properties: { id: p.integer().primary(), text: p.string() },
  });
}

/** Makes the table as somebody may have made it before, and one note. */
export const foundNotes: readonly string[] = [
  "create table note (id integer not null primary key, text varchar(255) not null)",
  "insert into note (id, text) values (1, 'kept')",
];
