import { ConfigurationError, type TenantDatabase } from "@af-tenancy/core";
import type { DriverConnections } from "../connection/driver-connections.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import type { TenantEntity } from "./tenant-entities.ts";

/** The application's one central database, as a driver package describes it. */
export interface CentralTarget {
  /** Stands where a tenant's would, so that its connections count in the budget of its server. */
  readonly database: TenantDatabase;
  /** Classes of its own, which no tenant's database has. */
  readonly entities: readonly TenantEntity[];
  /** How it is reached, where that differs from tenants' databases. */
  readonly connections?: CentralConnections;
}

type CentralConnections = Pick<DriverConnections, "key" | "open">;

/** Names the central database of a driver; its owner is one that no tenant's id can be. */
export function centralDatabase(driver: string, server: string, name: string): TenantDatabase {
  const place = { driver, strategy: "database", server, name } as const;
  const placement = Object.freeze({ ...place, generation: 0, secret: undefined });
  return Object.freeze({ tenantId: "(central)", placement });
}

/** What a driver does for its tenants' databases, for the central one too, which is to bear no tenant's marker. */
export function reachingCentral(
  driver: Pick<TenantDriver, "central" | "connections" | "readOwner">,
): Pick<TenantDriver, "connections" | "readOwner"> {
  const { central, connections } = driver;
  if (central === undefined) return driver;
  const isCentral = (asked: TenantDatabase) => asked === central.database;
  return {
    connections: central.connections
      ? divided(isCentral, central.connections, connections)
      : connections,
    async readOwner(run, asked) {
      const owner = await driver.readOwner(run, asked);
      if (owner !== undefined || !isCentral(asked)) return owner;
      return { tenantId: asked.tenantId, generation: asked.placement.generation };
    },
  };
}

function divided(
  isCentral: (asked: TenantDatabase) => boolean,
  central: CentralConnections,
  connections: DriverConnections,
): DriverConnections {
  const { enter, seat, isShared, isFull, replicas } = connections;
  return {
    budget: (server) => connections.budget(server),
    key: (asked) => (isCentral(asked) ? central : connections).key(asked),
    open: (asked) => (isCentral(asked) ? central : connections).open(asked),
    ...(seat && { seat: (asked) => (isCentral(asked) ? "" : seat.call(connections, asked)) }),
    isShared: (asked) =>
      !isCentral(asked) && (isShared?.call(connections, asked) ?? enter !== undefined),
    ...(isFull && { isFull: (error) => isFull.call(connections, error) }),
    ...(replicas && { replicas: (server) => replicas.call(connections, server) }),
    ...(enter && {
      enter: (connection, asked) =>
        isCentral(asked) ? connection : enter.call(connections, connection, asked),
    }),
  };
}

/** Throws `ConfigurationError` unless the central entities are some, and none of the tenants'. */
export function checkCentralEntities(
  { entities }: CentralTarget,
  tenants: readonly TenantEntity[],
): void {
  if (!Array.isArray(entities) || entities.length === 0) {
    const remedy = "list the entities that the central database holds.";
    throw new ConfigurationError("central.entities", "empty or no list", remedy);
  }
  if (!entities.some((entity) => tenants.includes(entity))) return;
  throw new ConfigurationError(
    "central.entities",
    "partly the tenants' entities",
    "give the central database entities of its own, because MikroORM writes on an entity whose ORM it is.",
  );
}
