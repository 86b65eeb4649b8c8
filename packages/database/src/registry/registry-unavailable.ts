import { RegistryUnavailableError } from "@af-tenancy/core";
import { withoutSql } from "./without-sql.ts";

/** Makes the registry's own error of what failed at its database, without any values in it. */
export function registryUnavailable(error: unknown): RegistryUnavailableError {
  return new RegistryUnavailableError({
    cause: withoutSql(error),
    // MikroORM copies what a driver's error says of itself onto its own.
    transient: Object(error).transient === true,
  });
}
