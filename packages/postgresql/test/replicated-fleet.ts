import type { PostgresqlOptions, PostgresqlReplicaSettings } from "@af-tenancy/postgresql";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { type Over, startFleet } from "./fleet.ts";
import { type OwnReplica, startOwnReplica } from "./own-replica.ts";
import { type OwnServer, startOwnServer } from "./own-server.ts";

/** A server of the test's own, and two that follow it. */
export interface ReplicatedServer {
  readonly primary: OwnServer;
  readonly near: OwnReplica;
  readonly far: OwnReplica;
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts all three. */
export async function startReplicatedServer(): Promise<ReplicatedServer> {
  const primary = await startOwnServer();
  const near = await startOwnReplica(primary);
  const far = await startOwnReplica(primary);
  return {
    ...{ primary, near, far },
    async caughtUp() {
      await Promise.all([near.caughtUp(), far.caughtUp()]);
    },
    async stop() {
      await Promise.all([near.stop(), far.stop()]);
      await primary.stop();
    },
  };
}

interface ReplicatedFleetOptions extends Omit<Partial<PostgresqlOptions>, "entities"> {
  /** The replicas as the options name them; `near` and `far` when absent. */
  readonly replicas?: readonly PostgresqlReplicaSettings[];
}

/** Starts an application with two tenants there; each has one note, with the key 1, which has arrived everywhere. */
export async function startReplicatedFleet(
  { primary, near, far, caughtUp }: ReplicatedServer,
  { replicas, ...options }: ReplicatedFleetOptions = {},
  over?: Over,
) {
  const both = [
    { name: "near", port: near.port },
    { name: "far", port: far.port },
  ];
  const { host, port, user, password } = primary;
  const Note = defineEntity({
    name: "Note",
    properties: { id: p.integer().primary(), text: p.string() },
  });
  const connection = { host, port, user, password, replicas: replicas ?? both };
  const fleet = await startFleet({ connection, entities: [Note], ...options }, over);
  const { db, tenancy, acme, globex } = fleet;
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
  }
  await caughtUp();
  return { ...fleet, Note };
}

/** Where a statement of an entity manager runs, and as what. */
export interface Place {
  readonly port: number;
  readonly readOnly: boolean;
}

/** Asks the server for it. */
export async function placeOf(em: {
  execute<R>(sql: string): Promise<R>;
}): Promise<Place | undefined> {
  const [place] = await em.execute<Place[]>(
    "select current_setting('port')::int as port, current_setting('transaction_read_only') = 'on' as \"readOnly\"",
  );
  return place;
}
