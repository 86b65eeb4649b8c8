import {
  ConfigurationError,
  DatabaseNotReadyError,
  type MaybePromise,
  type TenantDatabase,
} from "@af-tenancy/core";
import {
  type ConnectionBudget,
  DatabaseUnavailableError,
  type DialectDriver,
  type DriverConnections,
  type ReplicaConnections,
  sqlRunner,
} from "@af-tenancy/database";
import type { CheckStatement } from "./bound-connection.ts";
import { checkSharedStatement } from "./check-shared-statement.ts";
import type { ServerAddress } from "./connection-options.ts";
import { credentialsOf, type ManagerContext } from "./manager-context.ts";
import { checkPlacement } from "./placement-names.ts";
import type { PostgresqlDriver } from "./postgresql-driver.ts";
import type { PostgresqlReplica } from "./postgresql-servers.ts";
import { codeOf } from "./server-errors.ts";
import type { SharedSchema } from "./shared-schema.ts";
import { schemaSettings } from "./tenant-settings.ts";

/**
 * Opens connections for tenants: to each its own database, or one for many whose tenants have schemas in one database
 * and take it in turns, each with its own settings.
 */
export class TenantConnections implements DriverConnections {
  readonly #context: ManagerContext;
  readonly #rows: SharedSchema;
  readonly #budget: ConnectionBudget;
  readonly #bindings = new WeakMap<TenantDatabase, Binding>();
  readonly #probed = new Set<string>();
  readonly #replica: PostgresqlReplica | undefined;

  /** With a `replica` it stands for the server. */
  constructor(
    context: ManagerContext,
    connections: number,
    rows: SharedSchema,
    replica?: PostgresqlReplica,
  ) {
    this.#context = context;
    this.#rows = rows;
    this.#budget = Object.freeze({ connections, ...keeping });
    this.#replica = replica;
  }

  budget(server: string): ConnectionBudget {
    const { connectTimeout } = this.#address(server);
    return { ...this.#budget, connectTimeout };
  }

  replicas(server: string): readonly ReplicaConnections[] {
    return this.#context.servers.replicas(server).map((replica) => {
      const { name, maxConnections = this.#budget.connections } = replica;
      const connections = new TenantConnections(
        ...([this.#context, maxConnections, this.#rows, replica] as const),
      );
      return { name, connections };
    });
  }

  key({ placement }: TenantDatabase): string {
    checkPlacement(placement);
    const { server, strategy, name, secret } = placement;
    this.#address(server);
    const login = strategy !== "database" && this.#context.users ? "" : (secret ?? "");
    return [server, strategy === "database" ? `database ${name}` : "shared", login].join("\0");
  }

  isShared({ placement }: TenantDatabase): boolean {
    return placement.strategy !== "database";
  }

  isFull(error: unknown): boolean {
    const cause = error instanceof DatabaseUnavailableError ? error.cause : error;
    return codeOf(cause) === tooManyConnections;
  }

  async open(database: TenantDatabase): Promise<PostgresqlDriver> {
    const { strategy, server, name } = database.placement;
    const address = this.#address(server);
    const shared = strategy !== "database";
    const login =
      shared && this.#context.users ? undefined : credentialsOf(this.#context, database);
    try {
      const driver = await this.#context.servers.open(
        shared ? address : { ...address, database: name },
        { searchPath: shared ? "" : "public", ...login },
      );
      await this.#probe(driver, server, address, shared);
      return driver;
    } catch (error) {
      if (codeOf(error) !== noSuchDatabase) throw error;
      throw new DatabaseNotReadyError(
        database.tenantId,
        `server "${this.#nameOf(server)}" has no database "${shared ? address.database : name}"`,
      );
    }
  }

  /** Opens one to a database of its own, which nobody has to `enter`. */
  async openInPublic(database: TenantDatabase): Promise<PostgresqlDriver> {
    return this.#inPublic(await this.open(database), database.placement.server);
  }

  /** Gives a promise while it is not proven of the server that it keeps rows apart. */
  enter(connection: DialectDriver, database: TenantDatabase): MaybePromise<DialectDriver> {
    const { strategy, server } = database.placement;
    const proving = strategy === "row" ? this.#rows.proving(server) : undefined;
    if (proving === undefined) return this.#bound(connection, database);
    return proving.then(() => this.#bound(connection, database));
  }

  #bound(connection: DialectDriver, database: TenantDatabase): DialectDriver {
    const { strategy, server } = database.placement;
    if (strategy === "database") return this.#inPublic(connection as PostgresqlDriver, server);
    let binding = this.#bindings.get(database);
    if (binding === undefined) {
      binding = this.#bindingOf(database);
      this.#bindings.set(database, binding);
    }
    return (connection as PostgresqlDriver).boundTo(...binding);
  }

  /** Without a role of the tenant's own there is none that its SQL could put off. */
  #bindingOf(database: TenantDatabase): Binding {
    const { strategy, name } = database.placement;
    if (strategy === "row") return [this.#rows.settings(database), checkSharedStatement];
    const role = this.#context.users ? credentialsOf(this.#context, database)?.user : undefined;
    return [schemaSettings(name, role), role === undefined ? undefined : checkSharedStatement];
  }

  /** Behind a pooler nothing that a session begins with arrives, and its login role may see no schema. */
  #inPublic(connection: PostgresqlDriver, server: string): PostgresqlDriver {
    return this.#address(server).pooler ? connection.boundTo(inPublic) : connection;
  }

  #address(server: string): ServerAddress {
    return this.#replica?.address ?? this.#context.servers.address(server);
  }

  #nameOf(server: string): string {
    return this.#replica === undefined ? server : `${server}/${this.#replica.name}`;
  }

  /** Once for each server: a pooler that nobody spoke of would mix up sessions, and one must fall back to no schema. */
  async #probe(
    driver: PostgresqlDriver,
    server: string,
    { pooler, user }: ServerAddress,
    shared: boolean,
  ): Promise<void> {
    const key = `${server}\0${shared}`;
    if (this.#probed.has(key)) return;
    const [found] = await sqlRunner(await driver.acquireConnection())<{
      readonly pid: number;
      readonly path: string;
    }>("select pg_backend_pid() as pid, current_setting('search_path') as path");
    const problem = probeProblem(found, { processId: driver.processId, pooler, user, shared });
    if (problem !== undefined) {
      await driver.destroy();
      throw problem;
    }
    this.#probed.add(key);
  }
}

/** What `boundTo` takes: settings, and what may not be sent. */
type Binding = readonly [settings: string, check: CheckStatement | undefined];

const inPublic = schemaSettings("public");
const noSuchDatabase = "3D000";
const tooManyConnections = "53300";

/** A backend remembers every schema that it has seen, so that one which serves many tenants grows until it is ended. */
const keeping = Object.freeze({
  idleTimeout: 30_000,
  checkAfter: 15_000,
  maxUses: 2_000,
  maxLifetime: 600_000,
});

function probeProblem(
  found: { readonly pid: number; readonly path: string } | undefined,
  expected: {
    readonly processId: number | undefined;
    readonly pooler: boolean;
    readonly user: string;
    readonly shared: boolean;
  },
): ConfigurationError | undefined {
  if (!expected.pooler && found?.pid !== expected.processId) {
    const remedy = "say `pooler: true`, or connect to the server directly.";
    return new ConfigurationError("connection.pooler", "off, and a pooler is there", remedy);
  }
  if (!expected.shared || found?.path === "" || found?.path === '""') return undefined;
  return new ConfigurationError(
    "connection.user",
    `"${expected.user}", who sees the schema "${found?.path}" behind the pooler`,
    `run: alter role "${expected.user}" set search_path = ''`,
  );
}
