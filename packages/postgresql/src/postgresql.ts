import {
  ConfigurationError,
  DatabaseNotReadyError,
  type KeyRing,
  type Placement,
  type TenancyHost,
  type TenantDatabase,
} from "@af-tenancy/core";
import {
  checkReadOnlyFrom,
  credentialsPurpose,
  type EntitiesOf,
  type MikroOrmDatabases,
  mikroOrmDatabases,
  ReadOnlyDriver,
  type RunSql,
  readRowOwner,
  sealCredentials,
  type TenantDriver,
  type TenantEntities,
} from "@af-tenancy/database";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import { advanceSequences } from "./advance-sequences.ts";
import { controlsTransactions } from "./controls-transactions.ts";
import { copyDialect } from "./copy-dialect.ts";
import { examineServers } from "./doctor/postgresql-doctor.ts";
import { credentialsOf, type ManagerContext } from "./manager-context.ts";
import { ManagerSessions } from "./manager-sessions.ts";
import { migrationDialect } from "./migration-dialect.ts";
import { readMarker } from "./owner-marker.ts";
import { checkPlacement, driverName, nameFor } from "./placement-names.ts";
import { postgresqlCentral } from "./postgresql-central.ts";
import { postgresqlLanguage } from "./postgresql-language.ts";
import { PostgresqlManager } from "./postgresql-manager.ts";
import {
  checkPostgresqlOptions,
  checkSharedName,
  checkStrategy,
  type PostgresqlOptions,
} from "./postgresql-options.ts";
import { PostgresqlServers } from "./postgresql-servers.ts";
import { postgresqlTemplates } from "./postgresql-templates.ts";
import { literal } from "./quoted.ts";
import { seederDialect } from "./seeder-dialect.ts";
import { isMissing, isRefusedWrite } from "./server-errors.ts";
import { SharedSchema } from "./shared-schema.ts";
import { TemplateDatabase } from "./template-database.ts";
import { TenantConnections } from "./tenant-connections.ts";
import { newCredentials } from "./tenant-user.ts";

/**
 * Keeps each tenant's data in a PostgreSQL database or schema of its own. Throws `ConfigurationError`.
 *
 * @example
 * const db = postgresql({ connection: { host: "db", user: "app", password }, entities: [Note] });
 * const tenancy = createTenancy({ registry, databases: db });
 * await tenancy.run({ by: "slug", value: "acme" }, () => db.em().find(Note, {}));
 */
export function postgresql<E extends TenantEntities>(
  given: PostgresqlOptions<E>,
): MikroOrmDatabases<EntitiesOf<E>> {
  checkPostgresqlOptions(given);
  const { connection, servers: listed = {}, users = false, maxConnections = 10, ...more } = given;
  const { strategy: chosen, readOnlyFrom, central, sharedSchema = "shared", ...others } = more;
  const { sharedRole: role, ...options } = others;
  const strategy = chosen === undefined ? (options.strategies?.[0] ?? "database") : chosen;
  const { grammar, types } = postgresqlLanguage();
  let host: TenancyHost | undefined;
  const servers = new PostgresqlServers(connection, listed, types);
  const template = new TemplateDatabase(servers);
  const sessions = new ManagerSessions(servers);
  const context: ManagerContext = {
    ...{ servers, sessions, template, users },
    keys: () => keysOf(host),
  };
  const manager = new PostgresqlManager(context);
  checkStrategy(strategy, options.strategies ?? manager.capabilities.strategies);
  const isTemplated = !users && [strategy, ...(options.strategies ?? [])].includes("database");
  const { database } = servers.address("default");
  const sharedRole = role === undefined ? `${database}_${sharedSchema}`.slice(0, 63) : role;
  checkSharedName("sharedRole", sharedRole);
  const shared = new SharedSchema(context.servers, context.sessions, {
    schema: sharedSchema,
    role: sharedRole,
  });
  const connections = new TenantConnections(context, maxConnections, shared);
  const driver: TenantDriver = {
    manager,
    orm: PostgreSqlDriver,
    grammar,
    migrations: migrationDialect,
    copying: copyDialect,
    seeders: seederDialect,
    connections,
    copies: (contents) => template.copies(contents),
    ...(isTemplated && { templates: postgresqlTemplates(context) }),
    close: () => sessions.close(),
    ...(central !== undefined && { central: postgresqlCentral(connections, central) }),
    attach(attached) {
      host = attached;
      if (users) context.keys();
    },
    place: (tenantId, generation, wish) => place(context, strategy, tenantId, generation, wish),
    readOwner,
    doctor: (examination) =>
      examineServers(
        context,
        {
          strategy,
          inspect: (database) => manager.inspect(database),
          budget: (id) => connections.budget(id),
          shared: { schema: sharedSchema, role: sharedRole },
        },
        examination,
      ),
    ...{ sharedDatabase: shared, isMissing },
    scopesRows: true,
    rowValues: { numberSql: (value) => `'${value}'::float8` },
    advanceKeys: (run, database, keys) => advanceSequences(run, database, keys, shared),
    readOnly: (opened, refuse) =>
      new ReadOnlyDriver(opened, refuse, { controlsTransactions, isRefusedWrite }),
    readOnlyFrom: checkReadOnlyFrom(readOnlyFrom, servers.mayHaveReplicas),
  };
  return mikroOrmDatabases(driver, options);
}

function keysOf(host: TenancyHost | undefined): KeyRing {
  if (host !== undefined) return host.keys(credentialsPurpose);
  throw new ConfigurationError(
    "databases",
    "not part of a tenancy",
    "pass it to createTenancy({ databases, keys }), from where it gets its key ring.",
  );
}

function place(
  context: ManagerContext,
  strategy: Placement["strategy"],
  tenantId: string,
  generation: number,
  wish: Partial<Placement> = {},
): Placement {
  const name = wish.name ?? nameFor(tenantId, generation);
  const own = { driver: driverName, strategy, server: "default", secret: undefined };
  const placement = { ...own, ...wish, name, generation };
  checkPlacement(placement);
  context.servers.address(placement.server);
  checkStrategy(placement.strategy, ["database", "schema", "row"]);
  if (placement.strategy === "row") return Object.freeze(placement);
  if (!context.users || placement.secret !== undefined) {
    credentialsOf(context, { tenantId, placement });
    return Object.freeze(placement);
  }
  const secret = sealCredentials(context.keys(), tenantId, newCredentials(name));
  return Object.freeze({ ...placement, secret });
}

/** Reads the marker; tells a schema that is not there from one that is nobody's. */
async function readOwner(run: RunSql, database: TenantDatabase) {
  const { tenantId, placement } = database;
  if (placement.strategy === "row") return readRowOwner(run, database);
  const owner = await readMarker(run);
  if (owner !== undefined || placement.strategy === "database") return owner;
  const found = await run(`select 1 from pg_namespace where nspname = ${literal(placement.name)}`);
  if (found.length > 0) return undefined;
  throw new DatabaseNotReadyError(tenantId, `there is no schema "${placement.name}"`);
}
