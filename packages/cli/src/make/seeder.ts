import type { ModuleShape } from "./module-text.ts";
import type { Names } from "./names.ts";

/** Something that puts rows into each tenant's database, once. */
export function seederShape({ kebab, camel }: Names): ModuleShape {
  const name = `${camel}Seeder`;
  return {
    types: { "@af-tenancy/database": ["SeederFunction"] },
    says: [
      "Puts into each tenant what it begins with, once. Among the options of the databases, with an entity of yours:",
      `\`seeders: { "${kebab}": ${name}(Note) }\`; \`af-tenancy seed run ${kebab}\` runs it.`,
    ],
    ...{ name, takes: { name: "entity", type: "object" }, gives: "SeederFunction" },
    body: `  return async ({ em, tenant }) => {
    // All of it is one transaction: for very many rows there is rowSeeder().
    await em.insert(entity, { text: \`Welcome, \${tenant.slug}!\` });
  };`,
  };
}
