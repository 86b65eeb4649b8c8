import { closeSync, copyFileSync, fsyncSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { MikroORM } from "@mikro-orm/sqlite";
import { thirtyEntities } from "../memory/thirty-entities.ts";
import { startApplication } from "./application.ts";
import type { CreateCase } from "./create-case.ts";

/** A file per tenant: against copying a finished file, one durable row in it, and six commits in another file. */
export async function sqliteCreation(): Promise<CreateCase> {
  const folder = mkdtempSync(join(tmpdir(), "create-tenant-"));
  const application = await startApplication(
    sqliteRegistry({ file: join(folder, "registry.sqlite") }),
    sqlite({ folder: join(folder, "tenants"), entities: thirtyEntities() }),
  );
  const byHand = await sqliteByHand(folder);
  return {
    ours: application.make,
    pulls: application.pulls,
    baseline: byHand.make,
    async close() {
      byHand.close();
      await application.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function sqliteByHand(folder: string) {
  const template = join(folder, "template.sqlite");
  const orm = new MikroORM({ dbName: template, entities: thirtyEntities() });
  await orm.schema.create();
  const Native = (await nativeOf(orm)).constructor as new (file: string) => NativeSqlite;
  await orm.close();
  const registry = new Native(join(folder, "by-hand.sqlite"));
  registry.exec("pragma journal_mode = wal; pragma synchronous = full");
  registry.exec("create table journal (id integer primary key, step text, tenant text)");
  const commit = registry.prepare("insert into journal (step, tenant) values (?, ?)");
  let number = 0;
  return {
    async make() {
      const name = `by-hand-${number++}`;
      for (const step of ["intent", "ledger", "database"]) commit.run([step, name]);
      const file = join(folder, `${name}.sqlite`);
      copyFileSync(template, file);
      sync(file);
      sync(folder);
      const tenant = new Native(file);
      tenant.exec("pragma synchronous = full");
      tenant.prepare("insert into entity0 (id, name) values (1, 'first')").run([]);
      tenant.close();
      for (const step of ["migrate", "verify", "activate"]) commit.run([step, name]);
    },
    close: () => registry.close(),
  };
}

interface NativeSqlite {
  exec(sql: string): void;
  prepare(sql: string): { run(parameters: readonly unknown[]): void };
  close(): void;
}

async function nativeOf(orm: MikroORM): Promise<NativeSqlite> {
  await orm.connect();
  return orm.em.getConnection().getNativeClient() as unknown as NativeSqlite;
}

function sync(path: string): void {
  const handle = openSync(path, "r");
  fsyncSync(handle);
  closeSync(handle);
}
