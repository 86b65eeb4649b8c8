import { ConfigurationError } from "@af-tenancy/core";
import type { DriverDatabases } from "./driver-databases.ts";

type Driver = Pick<DriverDatabases, "known" | "rows">;

/**
 * Throws `ConfigurationError` unless two drivers of a fleet agree on which tables carry the tenant column, so that a
 * tenant's rows may move from one to the other, and a row means the same to the application on both.
 */
export function checkRows(key: string, own: Driver, first: Driver): void {
  checkTenantColumn(key, own.rows?.column, first.rows?.column);
  const others = globalsOf(first);
  const globals = globalsOf(own);
  const name = [...others, ...globals].find((one) => others.has(one) !== globals.has(one));
  if (name === undefined) return;
  const [what, other] = globals.has(name) ? ["with", "has not"] : ["without", "has"];
  throw new ConfigurationError(
    `${key}.global`,
    `${what} "${name}", which the first driver ${other}`,
    "list the same entities for each driver: rows of such a one are everybody's, and one tenant's where it is not listed.",
  );
}

function checkTenantColumn(key: string, own: string | undefined, first: string | undefined): void {
  if (own === first) return;
  if (own === undefined || first === undefined) {
    const [what, other] = own === undefined ? ["without", "has"] : ["with", "has not"];
    throw new ConfigurationError(
      `${key}.strategies`,
      `${what} "row", which the first driver ${other}`,
      'put "row" into the strategies of each driver, or of none: with it every table carries the tenant column.',
    );
  }
  throw new ConfigurationError(
    `${key}.tenantColumn`,
    `"${own}", and the first driver has "${first}"`,
    "name the same column for each driver.",
  );
}

/** By the names that the application has for them on every driver. */
function globalsOf({ known, rows }: Driver): ReadonlySet<string> {
  const named = Object.entries(known.given).filter(([, entity]) => rows?.hasGlobal(entity));
  return new Set(named.map(([name]) => name));
}
