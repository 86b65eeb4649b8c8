import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ConfigurationError } from "@af-tenancy/core";

/** A driver's migrations: the folder that they are in, or a list of migrations and such folders in order. */
export type MigrationSource = MigrationFolder | readonly (NamedMigration | MigrationFolder)[];

/** An absolute path, or a URL of the scheme `file`. */
export type MigrationFolder = string | URL;

/** A migration and the name under which databases remember it. */
export interface NamedMigration {
  readonly name: string;
  readonly class: MigrationClass;
}

/** A class that extends `Migration` of `@mikro-orm/migrations`. */
export interface MigrationClass {
  new (driver: never, config: never): RunnableMigration;
  /**
   * Tables that it makes for one tenant alone, without a tenant column: the doctor looks for them in each tenant's
   * database, a clone begins with empty ones, and a fleet with shared tables refuses them.
   */
  readonly ownTables?: readonly string[];
}

/** What is used of MikroORM's `Migration`. */
export interface RunnableMigration {
  up(): Promise<void> | void;
  down(): Promise<void> | void;
  isTransactional(): boolean;
  getQueries(): unknown[];
  setTransactionContext(ctx: never): void;
}

/** Throws `ConfigurationError` unless it is a folder or a list of migrations with a name each. */
export function checkMigrationSource(source: unknown): void {
  if (source === undefined || isFolder(source)) return;
  if (!Array.isArray(source)) throw refused(`of type ${typeof source}`, sourceRemedy);
  checkMigrations(source.filter((entry) => !isFolder(entry)));
}

/** Reads folders in order of file names, as MikroORM does, and takes the rest as listed; throws `ConfigurationError`. */
export async function loadMigrations(source: MigrationSource): Promise<readonly NamedMigration[]> {
  const entries = isFolder(source) ? [source] : source;
  const found: NamedMigration[] = [];
  for (const entry of entries) found.push(...(isFolder(entry) ? await loadFolder(entry) : [entry]));
  checkMigrations(found);
  return found;
}

/** Gives the absolute paths of the folders that a driver's migrations are loaded from. */
export function foldersOf(source: MigrationSource): readonly string[] {
  const entries = isFolder(source) ? [source] : source;
  return entries.filter(isFolder).map(pathOf);
}

/** Throws `ConfigurationError` for a URL that leads to no file. */
function isFolder(entry: unknown): entry is MigrationFolder {
  if (!(entry instanceof URL)) return typeof entry === "string";
  if (entry.protocol === "file:") return true;
  throw refused(`of scheme ${entry.protocol}`, sourceRemedy);
}

async function loadFolder(given: MigrationFolder): Promise<readonly NamedMigration[]> {
  const folder = pathOf(given);
  const found: NamedMigration[] = [];
  const files = await filesIn(folder);
  if (files.length === 0) throw refused(`the folder "${folder}" without any`, emptyRemedy);
  for (const file of files) found.push(await load(join(folder, file)));
  return found;
}

function pathOf(folder: MigrationFolder): string {
  return typeof folder === "string" ? folder : fileURLToPath(folder);
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const files = await readdir(folder);
    return files.filter((file) => /(?<!\.d)\.[cm]?[jt]s$/.test(file)).sort();
  } catch (cause) {
    throw refused(`a folder that cannot be read: ${String(cause)}`, sourceRemedy, { cause });
  }
}

async function load(path: string): Promise<NamedMigration> {
  const name = basename(path).replace(/\.[cm]?[jt]s$/, "");
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await import(pathToFileURL(path).href);
  } catch (cause) {
    throw refused(`"${name}", which cannot be loaded: ${String(cause)}`, "mend it.", { cause });
  }
  const found = Object.values(exported).find(isMigrationClass);
  if (found === undefined) throw refused(`"${name}", which exports no migration`, classRemedy);
  return { name, class: found };
}

function checkMigrations(list: readonly unknown[]): void {
  const names = new Set<string>();
  for (const entry of list) {
    const { name, class: Class } = Object(entry) as Partial<NamedMigration>;
    if (typeof name !== "string" || !/^[\w.:-]{1,200}$/.test(name)) {
      throw refused("an entry without a name", "name each with letters, digits and any of _.:-");
    }
    if (!isMigrationClass(Class)) throw refused(`"${name}", which has no class`, classRemedy);
    if (names.has(name)) throw refused(`"${name}" twice`, "give each migration a name of its own.");
    names.add(name);
  }
}

function isMigrationClass(value: unknown): value is MigrationClass {
  if (typeof value !== "function") return false;
  const { up, getQueries } = Object(value.prototype) as Partial<RunnableMigration>;
  return typeof up === "function" && typeof getQueries === "function";
}

function refused(what: string, remedy: string, options?: ErrorOptions): ConfigurationError {
  return new ConfigurationError("migrations", what, remedy, options);
}

const sourceRemedy = "give a folder of migrations, or a list of { name, class } and folders.";
const emptyRemedy =
  "name the folder that they are built into, or give an empty list before there is a first one.";
const classRemedy = "export a class that extends Migration of @mikro-orm/migrations.";
