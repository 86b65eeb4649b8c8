import assert from "node:assert/strict";
import { createTenancy, memoryStore, type Placement, type Tenant } from "@af-tenancy/core";
import { ownerMarker } from "@af-tenancy/database";
import { postgresql } from "@af-tenancy/postgresql";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { Client } from "pg";
import { postgresqlServer } from "../servers.ts";

/** A thousand tenants, of which those that are asked for have a database or schema. */
export interface Crowd {
  /** Asks as one of the tenants, by number. */
  ask(tenant: number): Promise<void>;
  /** How many connections have been opened so far. */
  opened(): number;
  /** How many connections the server counts. */
  connected(): Promise<number>;
  close(): Promise<void>;
}

/** How many databases are made, and dropped, at once: drops wait for the server's checkpoint, which several share. */
const hands = { making: 4, dropping: 16 };

/**
 * Makes the tenants with these numbers. Their databases are copies of one whose marker is a view that reads its tenant from
 * the database's own name: so making them is one statement each.
 */
export async function makeCrowd(
  strategy: "database" | "schema",
  numbers: Iterable<number>,
  maxConnections: number,
): Promise<Crowd> {
  const prefix = `reuse_${process.pid}`;
  const template = `${prefix}_template`;
  await onServer([`create database ${template} template template0`]);
  const Note = defineEntity({ name: "Note", properties: { id: p.integer().primary() } });
  const connection = { ...postgresqlServer, database: template };
  const db = postgresql({
    ...{ connection, strategy, maxConnections, maxWait: 60_000, entities: [Note] },
  });
  const tenants = new Map<number, Tenant & { readonly placement: Placement }>();
  for (const number of new Set(numbers)) {
    const id = `${number}`;
    const placement = db.place(id, 1, { name: `${prefix}_${number}` });
    tenants.set(number, { id, slug: id, status: "active", version: 1, placement });
  }
  const names = [...tenants.values()].map(({ placement: { name } }) => name);
  if (strategy === "database") {
    await onServer([markerOfItself], template);
    const copies = names.map((name) => `create database ${name} template ${template}`);
    await inHands(hands.making, copies);
  } else {
    await inHands(hands.making, names.map(schemaSql), template);
  }
  const store = memoryStore<Tenant>([...tenants.values()]);
  const tenancy = createTenancy<Tenant>({ store, databases: db });
  await tenancy.start();
  const watcher = new Client(postgresqlServer);
  await watcher.connect();

  return {
    async ask(number) {
      const tenant = tenants.get(number) as Tenant;
      const [row] = await tenancy.run(tenant, () => db.em().execute(ownerMarker.readOwner));
      assert.equal(row?.tenant_id, tenant.id);
    },
    opened: () => db.stats().reduce((sum, { opened }) => sum + opened, 0),
    async connected() {
      const count = `select count(*)::int as count from pg_stat_activity where starts_with(datname, '${prefix}')`;
      return (await watcher.query<{ count: number }>(count)).rows[0]?.count ?? Number.NaN;
    },
    async close() {
      await watcher.end();
      await tenancy.close();
      const own = strategy === "database" ? names : [];
      const drops = own.map((name) => `drop database ${name} with (force)`);
      await inHands(hands.dropping, drops);
      await onServer([`drop database ${template} with (force)`]);
    },
  };
}

const markerOfItself =
  "create view _tenancy_owner as select substring(current_database() from '[0-9]+$') as tenant_id, 1 as generation";

function schemaSql(name: string): string {
  const marker = `create view ${name}._tenancy_owner as select '${/\d+$/.exec(name)}' as tenant_id, 1 as generation`;
  return `create schema ${name}; ${marker}`;
}

async function inHands(
  hands: number,
  statements: readonly string[],
  database?: string,
): Promise<void> {
  const shares = Array.from({ length: hands }, (_, hand) =>
    statements.filter((_, index) => index % hands === hand),
  );
  await Promise.all(shares.map((share) => onServer(share, database)));
}

async function onServer(statements: readonly string[], database = "postgres"): Promise<void> {
  const client = new Client({ ...postgresqlServer, database });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}
