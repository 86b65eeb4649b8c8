import { InvalidInputError, type TenantDatabase } from "@af-tenancy/core";
import { isEncoding, type ServerAddress } from "./connection-options.ts";

/** Character set and collation of one tenant's database; what is absent is as for the others on its server. */
export interface EncodingSettings {
  /** The server's default when `null`. */
  readonly charset?: string | null;
  readonly collation?: string | null;
}

/** Gives the clauses that a new database is made with. */
export type DatabaseEncoding = (database: TenantDatabase, address: ServerAddress) => string;

/** Makes the clauses out of what the server's settings say and `own` says for a tenant; that throws `InvalidInputError`. */
export function databaseEncoding(
  own: (tenantId: string) => EncodingSettings | undefined,
): DatabaseEncoding {
  return ({ tenantId }, address) => {
    const given = own(tenantId) ?? {};
    for (const key of ["charset", "collation"] as const) {
      if (given[key] === undefined || isEncoding(given[key])) continue;
      throw new InvalidInputError(
        key,
        String(given[key]),
        "name one that the server knows, or null",
      );
    }
    const { charset = collationOf(given) === undefined ? address.charset : null } = given;
    const { collation = given.charset === undefined ? address.collation : null } = given;
    return [
      charset !== null && `character set ${charset}`,
      collation !== null && `collate ${collation}`,
    ]
      .filter((clause) => clause !== false)
      .join(" ");
  };
}

/** A collation says its character set too, so that one from elsewhere would contradict it. */
function collationOf({ collation }: EncodingSettings): string | undefined {
  return collation ?? undefined;
}
