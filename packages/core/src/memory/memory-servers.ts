import { assertSealed } from "../assert-sealed.ts";
import type { LoadedServer, ServerDirectory, ServerRecord } from "../contracts/fleet-records.ts";
import { InvalidInputError } from "../errors/registry-errors.ts";
import { frozenCopy } from "./frozen-copy.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Writes servers into the tables of one transaction. */
export class MemoryServers implements ServerDirectory {
  readonly #tables: () => RegistryTables;

  constructor(tables: () => RegistryTables) {
    this.#tables = tables;
  }

  async record(server: ServerRecord): Promise<void> {
    assertSealed("server.secret", server.secret);
    this.#tables().servers.set(keyOf(server.driver, server.name), frozenCopy(server));
  }

  async list(): Promise<readonly LoadedServer[]> {
    const servers = [...this.#tables().servers.values()].map((server) =>
      Object.freeze({ ...server, tenants: this.#tenantsOn(server.driver, server.name) }),
    );
    return servers.sort((one, other) => order(one, other));
  }

  async forget(driver: string, name: string): Promise<void> {
    const tenants = this.#tenantsOn(driver, name);
    if (tenants > 0) throw serverInUse(name, tenants);
    this.#tables().servers.delete(keyOf(driver, name));
  }

  #tenantsOn(driver: string, name: string): number {
    const tenants = [...this.#tables().tenants.values()];
    return tenants.filter(
      ({ placement }) => placement?.driver === driver && placement.server === name,
    ).length;
  }
}

/** Makes the error of a server that cannot be forgotten yet. */
export function serverInUse(name: string, tenants: number): InvalidInputError {
  return new InvalidInputError("server", name, `${tenants} tenants are placed on it`);
}

function keyOf(driver: string, name: string): string {
  return JSON.stringify([driver, name]);
}

function order(one: ServerRecord, other: ServerRecord): number {
  if (one.driver !== other.driver) return one.driver < other.driver ? -1 : 1;
  return one.name < other.name ? -1 : 1;
}
