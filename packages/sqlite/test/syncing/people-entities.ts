import { syncedResource } from "@af-tenancy/database";
import { defineEntity, p } from "@mikro-orm/sqlite";

/** Entities of people, new for each application. */
export function people() {
  const properties = () => ({
    id: p.integer().primary(),
    globalId: p.string().unique().$type<string>(),
    name: p.string(),
    email: p.string().nullable(),
    role: p.string(),
    hidden: p.boolean().default(false),
    notes: p.text().nullable().lazy(),
    deletedAt: p.datetime().nullable(),
  });
  const filters = {
    visible: { name: "visible", cond: { hidden: false, deletedAt: null }, default: true },
  };
  return {
    Person: defineEntity({ name: "Person", filters, properties: properties() }),
    CentralPerson: defineEntity({
      ...{ name: "CentralPerson", filters },
      properties: { ...properties(), badge: p.string().nullable() },
    }),
  };
}

type People = ReturnType<typeof people>;

/** Keeps their names and mail addresses alike. */
export function syncedPerson(Person: People["Person"], CentralPerson: People["CentralPerson"]) {
  return syncedResource({
    ...{ central: CentralPerson, tenant: Person, name: "person", fields: ["name", "email"] },
    creation: { central: { role: "member" }, tenant: { role: "member" } },
  });
}
