import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { MikroORM } from "@mikro-orm/sqlite";
import { Note } from "../http/note.ts";
import { thirtyEntities } from "../memory/thirty-entities.ts";
import type { FleetCase } from "./fleet-case.ts";
import { startFleet } from "./start-fleet.ts";
import { namedMigrations, tenMigrations } from "./ten-migrations.ts";

/** A file per tenant: against opening each file, which stays open as ours do, and sending the same in one transaction. */
export async function sqliteFleet(tenants: number): Promise<FleetCase> {
  const folder = mkdtempSync(join(tmpdir(), "migrate-fleet-"));
  const fleet = await startFleet(
    sqliteRegistry({ file: join(folder, "registry.sqlite") }),
    sqlite({
      folder: join(folder, "tenants"),
      entities: thirtyEntities(),
      migrations: namedMigrations(),
    }),
    sqlite({ folder: join(folder, "tenants"), entities: [Note] }),
    tenants,
  );
  const hand = await byHand(join(folder, "by-hand"), tenants);
  return {
    ours: fleet.migrate,
    baseline: hand.migrate,
    async close() {
      hand.close();
      await fleet.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function byHand(folder: string, tenants: number) {
  const orm = new MikroORM({ dbName: ":memory:", entities: thirtyEntities() });
  await orm.connect();
  const client = (await orm.em.getConnection().getNativeClient()) as unknown as NativeSqlite;
  const Native = client.constructor as new (file: string) => NativeSqlite;
  await orm.close();
  mkdirSync(folder);
  const files: string[] = [];
  for (let number = 0; number < tenants; number++) {
    const file = join(folder, `${number}.sqlite`);
    const native = new Native(file);
    native.exec("create table _tenancy_owner (id text not null)");
    native.close();
    files.push(file);
  }
  const open: NativeSqlite[] = [];
  async function migrate(count: number): Promise<void> {
    for (const file of files.splice(0, count)) {
      const native = new Native(file);
      open.push(native);
      native.exec("pragma synchronous = full; pragma foreign_keys = on");
      native.exec("begin immediate");
      native.exec(
        "create table mikro_orm_migrations (id integer not null primary key autoincrement, name text, executed_at datetime default current_timestamp)",
      );
      for (const [name, statements] of tenMigrations) {
        for (const sql of statements) native.exec(sql);
        native.exec(`insert into mikro_orm_migrations (name) values ('${name}')`);
      }
      native.exec("commit");
    }
  }
  const close = () => {
    for (const native of open) native.close();
  };
  return { migrate, close };
}

interface NativeSqlite {
  exec(sql: string): void;
  close(): void;
}
