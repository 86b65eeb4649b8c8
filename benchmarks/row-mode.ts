import { randomBytes } from "node:crypto";
import { createTenancy, memoryStore, type Tenant } from "@af-tenancy/core";
import { postgresql } from "@af-tenancy/postgresql";
import { defineEntity, MikroORM, p } from "@mikro-orm/postgresql";
import { Client } from "pg";
import { compare } from "./compare.ts";
import { report } from "./report.ts";

// Promise: PostgreSQL with row-level security against `where tenant_id` written by hand on the same tables and indexes:
// one find at least 0.75 of the throughput, a transaction of three finds at least 0.85.
const url = process.env.AF_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";
const { hostname, port, username, password, pathname } = new URL(url);
const connection = {
  ...{ host: hostname, port: Number(port || 5432), user: decodeURIComponent(username) },
  ...{ password: decodeURIComponent(password), database: pathname.slice(1) },
};
const names = {
  sharedSchema: `bench_${randomBytes(4).toString("hex")}`,
  sharedRole: `bench_${randomBytes(4).toString("hex")}`,
};

const text = () => p.string();
const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: text() },
});
const NoteByHand = defineEntity({
  name: "NoteByHand",
  tableName: "note",
  schema: names.sharedSchema,
  properties: { id: p.integer().primary(), text: text(), tenantId: p.string() },
});

const db = postgresql({ connection, entities: [Note], strategies: ["row"], ...names });
const ids = Array.from({ length: 10 }, (_, index) => `tenant-${index}`);
const tenants: Tenant[] = ids.map((id) => ({
  ...{ id, slug: id, status: "active", version: 1, placement: db.place(id, 1) },
}));
const tenancy = createTenancy({ store: memoryStore(tenants), databases: db });
const orm = new MikroORM({
  ...{ ...connection, dbName: connection.database, entities: [NoteByHand], ensureDatabase: false },
  pool: { min: 1, max: 10 },
});

await tenancy.start();
try {
  for (const tenant of tenants) await fill(tenant);
  await measure("one find", 1, false);
  await measure("transaction of three finds", 3, true);
} finally {
  await orm.close();
  await tenancy.close();
  const client = new Client(connection);
  await client.connect();
  await client.query(
    `drop schema "${names.sharedSchema}" cascade; drop owned by "${names.sharedRole}"; drop role "${names.sharedRole}"`,
  );
  await client.end();
}

async function fill(tenant: Tenant): Promise<void> {
  if (tenant.placement === undefined) return;
  const { placement } = tenant;
  await db.manager(placement).create({ tenantId: tenant.id, placement });
  await db.migrate(tenant);
  const rows = Array.from({ length: 100 }, (_, id) => ({ id, text: `${tenant.id} ${id}` }));
  await tenancy.run(tenant, () => db.em().insertMany(Note, rows));
}

async function measure(name: string, finds: number, inTransaction: boolean): Promise<void> {
  const { ours, baseline, ratio } = await compare({
    times: 40,
    ours: (times) =>
      repeat(times, (tenant, id) =>
        tenancy.run(tenant, async () => {
          const read = async (em: ReturnType<typeof db.em>) => {
            for (let i = 0; i < finds; i++) await em.findOneOrFail(Note, (id + i) % 100);
          };
          await (inTransaction ? db.em().transactional(read) : read(db.em()));
        }),
      ),
    baseline: (times) =>
      repeat(times, async ({ id: tenantId }, id) => {
        const read = async (em: typeof orm.em) => {
          for (let i = 0; i < finds; i++) {
            await em.findOneOrFail(NoteByHand, { tenantId, id: (id + i) % 100 });
          }
        };
        const em = orm.em.fork();
        await (inTransaction ? em.transactional(read) : read(em));
      }),
  });
  report({
    name: `row-mode/${name}`,
    ratio: 1 / ratio,
    ours: ours / 1e3,
    baseline: baseline / 1e3,
    unit: "µs",
  });
}

async function repeat(
  times: number,
  work: (tenant: Tenant, id: number) => Promise<void>,
): Promise<void> {
  for (let i = 0; i < times; i++) await work(tenants[i % 10] as Tenant, (i * 7) % 100);
}
