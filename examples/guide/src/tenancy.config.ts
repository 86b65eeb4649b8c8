import { defineTenancy } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";

const folder = process.env.DATA_DIR ?? `${import.meta.dirname}/data`;
const properties = { id: p.integer().primary(), text: p.text() };
const Note = defineEntity({ name: "Note", properties });

export default defineTenancy({
  registry: sqliteRegistry({ file: `${folder}/registry.sqlite` }),
  databases: sqlite({ folder: `${folder}/tenants`, entities: [Note] }),
  provisioning: provisioning(),
});
