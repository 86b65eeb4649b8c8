import { ConfigurationError, InvalidInputError, UnknownSeederError } from "@af-tenancy/core";
import type { RowSeeder, Seeder, Seeders } from "./seeder.ts";

/** The seeders of one driver, checked. */
export class SeederSet {
  readonly names: readonly string[];
  readonly #seeders: ReadonlyMap<string, Seeder>;

  /** Throws `ConfigurationError`. */
  constructor(seeders: Seeders) {
    checkSeeders(seeders);
    this.#seeders = new Map(Object.entries(seeders));
    this.names = Object.freeze([...this.#seeders.keys()]);
  }

  /** Throws `UnknownSeederError`. */
  get(name: string): Seeder {
    const seeder = this.#seeders.get(name);
    if (seeder === undefined) throw new UnknownSeederError(name, this.names);
    return seeder;
  }

  /** Gives the names that are asked for in the order in which they run; throws `UnknownSeederError`. */
  choose(names: unknown): readonly string[] {
    if (names === undefined) return this.names;
    if (!Array.isArray(names)) {
      throw new InvalidInputError(
        "seeders",
        typeof names,
        "give an array of names, or leave it out",
      );
    }
    for (const name of names) this.get(String(name));
    return this.names.filter((name) => names.includes(name));
  }
}

/** Throws `ConfigurationError`. */
function checkSeeders(seeders: unknown): asserts seeders is Seeders {
  if (typeof seeders !== "object" || seeders === null || Array.isArray(seeders)) {
    const remedy = "give an object such as { plans: async ({ em }) => { ... } }.";
    throw new ConfigurationError("seeders", `of type ${typeof seeders}`, remedy);
  }
  for (const [name, seeder] of Object.entries(seeders)) {
    if (!/^[A-Za-z][\w.-]{0,99}$/.test(name)) {
      const remedy = 'use a letter and then letters, digits and any of "_.-", 100 at most.';
      throw new ConfigurationError(`seeders["${name}"]`, "no name for a seeder", remedy);
    }
    checkSeeder(`seeders.${name}`, seeder);
  }
}

function checkSeeder(key: string, seeder: unknown): void {
  if (typeof seeder === "function") return;
  const { entity, rows, batch = 1 } = Object(seeder) as Partial<RowSeeder>;
  if (entity === undefined || typeof rows !== "function") {
    const remedy = "give a function, or what rowSeeder(entity, rows) makes.";
    throw new ConfigurationError(key, `of type ${typeof seeder}`, remedy);
  }
  if (Number.isSafeInteger(batch) && batch >= 1) return;
  throw new ConfigurationError(`${key}.batch`, String(batch), "give a whole number, 1 or more.");
}
