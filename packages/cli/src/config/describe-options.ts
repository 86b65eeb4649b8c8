import type { TenancyOptions, TenantDatabases } from "@af-tenancy/core";
import type { ConfigShowOutput } from "../outputs/config-output.ts";

type DescribedOption = ConfigShowOutput["options"][number];
type Json = DescribedOption["value"];

/** Tells each option that there is, those that the configuration leaves out by what then holds. */
export function describeOptions(options: TenancyOptions): DescribedOption[] {
  const given = new Map<string, unknown>(Object.entries(options));
  return Object.entries(defaults).map(([option, absent]) => {
    const value = given.get(option);
    if (value === undefined) return { option, value: absent, source: "default" };
    const told =
      option === "databases" ? databases(options.databases) : described(value, tables.has(option));
    return { option, value: told, source: "configuration" };
  });
}

/** What holds where an option is left out, as the guide has it. */
const defaults = Object.freeze({
  registry: null,
  store: "the registry's",
  resolve: null,
  databases: null,
  provisioning: null,
  bootstrappers: [],
  keys: null,
  admission: {},
  central: [],
  cookieHint: false,
  hooks: {},
  consumers: {},
  clock: "real time",
  graceMs: 5_000,
} satisfies Record<keyof Required<TenancyOptions>, Json>);

/** The databases, and where a tenant that is made now would be placed; nothing is opened for it. */
function databases(given: TenantDatabases | undefined): Json {
  const { driver, strategy, server } = given?.place("example", 1) ?? {};
  return {
    ...{ name: given?.name ?? null, driver: driver ?? null },
    ...{ strategy: strategy ?? null, server: server ?? null },
    migrations: given?.migrations !== undefined,
    seeders: [...(given?.seeding?.names ?? [])],
  };
}

/** What is plain is told; parts are told by their names: what they hold is their own, and may be secret. */
function described(value: unknown, isTable = false): Json {
  if (typeof value === "function") return `[function ${value.name || "anonymous"}]`;
  if (Array.isArray(value)) return value.map((one) => described(one));
  if (typeof value !== "object" || value === null) return value as Json;
  const { name } = value as { readonly name?: unknown };
  if (typeof name === "string") return name;
  if (!isTable) return "[object]";
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, described(one, isTable)]),
  );
}

/** Options that are objects of what an application says, and no parts. */
const tables: ReadonlySet<string> = new Set(["admission", "hooks", "consumers"]);
