import type { Driver } from "./project.ts";

/** The entity that an application begins with. */
export function entityFile(driver: Driver): string {
  return `import { defineEntity, p } from "@mikro-orm/${driver}";

/** What each tenant keeps: replace it by entities of your own. */
export const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.text() },
});
`;
}

/** The configuration: what the application and the command share. */
export function configFile(driver: Driver, extension: string): string {
  const { setting, databases, registry } = parts[driver];
  return `import { defineTenancy } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import { ${driver}, ${driver}Registry } from "@af-tenancy/${driver}";
import { Note } from "./note.${extension}";

${setting}
export const db = ${driver}(${databases});

export default defineTenancy({
  registry: ${driver}Registry(${registry}),
  databases: db,
  provisioning: provisioning(),
  resolve: domainResolver(),
});
`;
}

const parts: Readonly<
  Record<
    Driver,
    { readonly setting: string; readonly databases: string; readonly registry: string }
  >
> = Object.freeze({
  sqlite: {
    setting: `const folder = process.env.DATA_DIR ?? \`\${import.meta.dirname}/data\`;
`,
    databases: `{ folder: \`\${folder}/tenants\`, entities: [Note] }`,
    registry: `{ file: \`\${folder}/registry.sqlite\` }`,
  },
  postgresql: {
    setting: `const { PGHOST = "127.0.0.1", PGPORT = "5432", PGUSER = "postgres", PGPASSWORD = "" } = process.env;
const { PGDATABASE = "postgres" } = process.env;
const server = { host: PGHOST, port: Number(PGPORT), user: PGUSER, password: PGPASSWORD };
const connection = { ...server, database: PGDATABASE };

/** A schema for each tenant, in the one database. */`,
    databases: `{ connection, strategy: "schema", entities: [Note] }`,
    registry: "{ connection }",
  },
  mysql: {
    setting: `const { MYSQL_HOST = "127.0.0.1", MYSQL_PORT = "3306", MYSQL_USER = "root" } = process.env;
const { MYSQL_PASSWORD = "", MYSQL_DATABASE = "tenancy", MYSQL_FLAVOUR } = process.env;
const connection = {
  host: MYSQL_HOST,
  port: Number(MYSQL_PORT),
  user: MYSQL_USER,
  password: MYSQL_PASSWORD,
};
const flavour = MYSQL_FLAVOUR === "mariadb" ? "mariadb" : "mysql";

/** A database for each tenant, on the one server. */`,
    databases: "{ connection, flavour, entities: [Note] }",
    registry: "{ connection: { ...connection, database: MYSQL_DATABASE }, flavour }",
  },
});
