import { ConfigurationError } from "@af-tenancy/core";
import { checkCount } from "./check-count.ts";
import { definedOnly } from "./server-settings.ts";

/** What an application says of a read replica, beside how it is reached. */
export interface ReplicaSettings {
  /** What it is called among the replicas of its server; `replica1`, `replica2` and so on when absent. */
  readonly name?: string;
  /** How many connections to it this process may have; as many as to its server when absent. */
  readonly maxConnections?: number;
}

/** A read replica with nothing left open but its number of connections. */
export interface NamedReplica<Address> {
  readonly name: string;
  readonly address: Address;
  readonly maxConnections: number | undefined;
}

interface Reached {
  readonly host: string;
  readonly port: number;
  readonly database?: string;
  readonly queryTimeout?: number;
}

/**
 * Checks the replicas of a server that stand in the options under `key`. `addressOf` says how one is reached with
 * settings of its own; a statement there has a limit also where its server has none. Throws `ConfigurationError`, also for
 * one that is reached as its server or another of them is.
 */
export function namedReplicas<Settings extends ReplicaSettings, Address extends Reached>(
  key: string,
  list: readonly Settings[] | undefined,
  primary: Address,
  addressOf: (key: string, settings: Omit<Settings, keyof ReplicaSettings>) => Address,
): readonly NamedReplica<Address>[] {
  if (list === undefined) return Object.freeze([]);
  if (!Array.isArray(list)) {
    throw new ConfigurationError(key, "no list", "give a list such as [{ host }].");
  }
  const places = new Set([placeOf(primary)]);
  const names = new Set<string>();
  return Object.freeze(
    (list as readonly Settings[]).map((settings, index) => {
      const path = `${key}[${index}]`;
      const { name, maxConnections, ...own } = objectAt(path, settings);
      const called = name ?? `replica${index + 1}`;
      checkName(`${path}.name`, called, names);
      if (maxConnections !== undefined) checkCount(`${path}.maxConnections`, maxConnections);
      const { queryTimeout = readTimeout } = primary;
      const address = addressOf(path, { queryTimeout, ...definedOnly(own) });
      checkPlace(path, placeOf(address), places);
      return Object.freeze({ name: called, address, maxConnections });
    }),
  );
}

/** Milliseconds; one that falls silent would keep its connections, and all who are to read there waiting. */
const readTimeout = 30_000;

function objectAt<S>(path: string, settings: S): S {
  if (typeof settings !== "object" || settings === null) {
    throw new ConfigurationError(path, "no object", "give { host }, or what else differs.");
  }
  if (!("replicas" in settings)) return settings;
  throw new ConfigurationError(`${path}.replicas`, "given", "list all replicas of the server.");
}

function checkName(path: string, name: unknown, names: Set<string>): void {
  if (typeof name !== "string" || !/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name)) {
    const remedy = "use at most 63 letters, digits, underscores and dashes.";
    throw new ConfigurationError(path, JSON.stringify(name), remedy);
  }
  if (reserved.includes(name)) {
    const remedy = "take another: readOnly({ from }) has a meaning of its own for it.";
    throw new ConfigurationError(path, `"${name}"`, remedy);
  }
  if (names.has(name)) {
    throw new ConfigurationError(path, `"${name}" again`, "give each replica its own name.");
  }
  names.add(name);
}

const reserved: readonly string[] = ["any", "primary", "replicas"];

function checkPlace(path: string, place: string, places: Set<string>): void {
  if (places.has(place)) {
    const remedy = "name each server once: two budgets for one server would be more than it has.";
    throw new ConfigurationError(path, `"${place}", which is named already`, remedy);
  }
  places.add(place);
}

/** A pooler may lead to several servers by the name of the database. */
function placeOf({ host, port, database = "" }: Reached): string {
  return `${host}:${port}/${database}`;
}
