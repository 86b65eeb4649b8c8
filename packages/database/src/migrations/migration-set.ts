import { createHash } from "node:crypto";
import { ConfigurationError } from "@af-tenancy/core";
import { MigrationPace } from "./migration-pace.ts";
import type { NamedMigration, RunnableMigration } from "./migration-source.ts";

/** Which method of a migration is run. */
export type MigrationMethod = "up" | "down";

/** The migrations of one driver in order, and the names of how far a database can be. */
export class MigrationSet {
  readonly names: readonly string[];
  readonly pace = new MigrationPace();
  readonly #list: readonly NamedMigration[];
  /** How many migrations a database of this version has had. */
  readonly #counts = new Map<string, number>();
  /** How far a database is that has had so many of them. */
  readonly #versions: readonly string[];
  readonly #transactional = new Map<string, boolean>();
  readonly #pure = new Map<string, Promise<readonly string[] | undefined>>();

  constructor(list: readonly NamedMigration[]) {
    this.#list = list;
    this.names = Object.freeze(list.map(({ name }) => name));
    for (let count = 0; count <= list.length; count += 1) {
      this.#counts.set(versionOf(this.names.slice(0, count)), count);
    }
    this.#versions = [...this.#counts.keys()];
  }

  /** Tables that a tenant's database is to have for itself. */
  get ownTables(): readonly string[] {
    return this.#list.flatMap(({ class: { ownTables = [] } }) => ownTables);
  }

  /** How far a database is that has had all of them. */
  get version(): string {
    return this.#versionAfter(this.names.length);
  }

  /**
   * Tells whether a database of this version lacks some of them. One that has had more than these is a newer code's; any
   * other that is not theirs lacks one, such as one that was put in between.
   */
  isBehind(version: string | undefined): boolean {
    if (version === undefined) return this.names.length > 0;
    const count = this.#counts.get(version);
    if (count !== undefined) return count < this.names.length;
    return Number.parseInt(version, 10) <= this.names.length;
  }

  /**
   * Names how far a database is that has had these: those up to the first that it lacks, and where it lacks none what it
   * has had besides. `undefined` where it has had none.
   */
  reached(applied: readonly string[]): string | undefined {
    const had = new Set(applied);
    const first = this.names.findIndex((name) => !had.has(name));
    if (first >= 0) return first === 0 ? undefined : this.#versionAfter(first);
    const others = applied.filter((name) => !this.names.includes(name));
    return others.length === 0 ? this.version : versionOf([...this.names, ...others]);
  }

  #versionAfter(count: number): string {
    return this.#versions[count] as string;
  }

  /** Makes a migration anew; throws `ConfigurationError` for a name that none has. */
  make(name: string, driver: unknown, config: unknown): RunnableMigration {
    const found = this.#list.find((one) => one.name === name);
    if (found === undefined) {
      const remedy = "run it with the application that has it, or put it back into the migrations.";
      throw new ConfigurationError("migrations", `without "${name}"`, remedy);
    }
    return new found.class(driver as never, config as never);
  }

  /** Gives what a migration sends, asked of it once, where it is nothing but SQL text; `undefined` where it is more. */
  sqlOf(name: string, method: MigrationMethod): Promise<readonly string[] | undefined> {
    const key = `${method} ${name}`;
    const known = this.#pure.get(key) ?? this.#collect(name, method);
    this.#pure.set(key, known);
    return known;
  }

  /** Tells whether a migration may run in a transaction; asked of it once. */
  isTransactional(name: string): boolean {
    const known =
      this.#transactional.get(name) ?? this.make(name, refusing(), refusing()).isTransactional();
    this.#transactional.set(name, known);
    return known;
  }

  /** Asked with a driver that refuses everything: what needs one fails, and is run with a real one. */
  async #collect(name: string, method: MigrationMethod): Promise<readonly string[] | undefined> {
    const migration = this.make(name, refusing(), refusing());
    try {
      await migration[method]();
    } catch {
      return undefined;
    }
    const queries = migration.getQueries();
    if (!queries.every((query) => typeof query === "string")) return undefined;
    return queries.filter((query) => query.trim() !== "");
  }
}

/** The count is for people, the hash tells one list from another. */
function versionOf(names: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(names)).digest("hex").slice(0, 16);
  return `${names.length}-${hash}`;
}

/** Refuses whatever a migration asks of its driver and configuration. */
function refusing(): object {
  return new Proxy(
    {},
    {
      get(_target, key) {
        const remedy = "run it for real.";
        throw new ConfigurationError("migrations", `asking for ${String(key)}`, remedy);
      },
    },
  );
}
