import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MaybePromise } from "@af-tenancy/core";
import mysql from "mysql2/promise";
import { Client } from "pg";
import { onTestFinished } from "vitest";
import { maria, postgres, type RegistryPlace, serverOf } from "../workers/registry-at.ts";

/** Says what is done when it is over. */
export type Over = (work: () => MaybePromise<void>) => void;

/** A kind of registry, and why it cannot be tested here. */
export interface RegistrySite {
  readonly name: string;
  readonly missing: string;
  /** Makes an empty place, gone when the test is over or whatever else is told of the end. */
  make(over?: Over): Promise<RegistryPlace>;
}

/** The registries on which the cache is tested. */
export const registrySites: readonly RegistrySite[] = [
  { name: "SQLite", missing: "", make: makeSqlite },
  {
    name: "PostgreSQL",
    missing: await whatIsMissing("AF_POSTGRES_URL", () => onPostgres("select 1")),
    make: (over) => makeDatabase("postgresql", onPostgres, "with (force)", over),
  },
  {
    name: "MariaDB",
    missing: await whatIsMissing("AF_MYSQL_URL", () => onMaria("select 1")),
    make: (over) => makeDatabase("mariadb", onMaria, "", over),
  },
];

/** Makes an empty registry in a file, gone when the test is over. */
export async function makeSqlite(over: Over = onTestFinished): Promise<RegistryPlace> {
  const folder = await mkdtemp(join(tmpdir(), "af-cache-"));
  over(() => rm(folder, { recursive: true }));
  return { engine: "sqlite", name: join(folder, "registry.sqlite") };
}

async function makeDatabase(
  engine: "postgresql" | "mariadb",
  run: (sql: string) => Promise<unknown>,
  force: string,
  over: Over = onTestFinished,
): Promise<RegistryPlace> {
  const name = `aft_cache_${randomBytes(5).toString("hex")}`;
  await run(`create database ${name}`);
  over(async () => {
    await run(`drop database if exists ${name} ${force}`);
  });
  return { engine, name };
}

async function onPostgres(sql: string): Promise<void> {
  const client = new Client({ ...serverOf(postgres), database: "postgres" });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

async function onMaria(sql: string): Promise<void> {
  const connection = await mysql.createConnection(serverOf(maria));
  await connection.query(sql).finally(() => connection.end());
}

async function whatIsMissing(variable: string, ask: () => Promise<unknown>): Promise<string> {
  try {
    await ask();
    return "";
  } catch {
    return ` (skipped: no server at ${variable})`;
  }
}
