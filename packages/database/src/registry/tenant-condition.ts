import type { TenantFilter, TenantStatus } from "@af-tenancy/core";
import type { TenantRow } from "./entities.ts";
import { conditionOf, type RegistryStatement } from "./registry-statement.ts";
import type { RegistryTable } from "./registry-table.ts";

/** Which tenants a filter lets through of those whose ids come after another one. */
export function tenantCondition(
  table: RegistryTable<TenantRow>,
  { statuses, expiredBy, graceOverBy, ids, schemas }: Omit<TenantFilter, "limit">,
  after: string,
): RegistryStatement {
  const parts = [
    { sql: "id > ? and removed_at is null", values: [after] },
    statuses === undefined ? anyOf("status not in", unlisted) : anyOf("status in", statuses),
  ];
  if (ids !== undefined) parts.push(anyOf("id in", ids));
  if (expiredBy !== undefined) parts.push({ sql: "expires_at <= ?", values: [expiredBy] });
  if (graceOverBy !== undefined) parts.push({ sql: "grace_until <= ?", values: [graceOverBy] });
  if (schemas !== undefined) {
    const wanted = schemas.map(({ driver, strategy, version }) => ({
      ...{ placementDriver: driver, placementStrategy: strategy },
      schemaVersion: version ?? null,
    }));
    parts.push(
      joined(
        wanted.map((one) => conditionOf(table, one)),
        " or ",
      ),
    );
  }
  return joined(parts, " and ");
}

const unlisted: readonly TenantStatus[] = ["pending", "deleted"];

function anyOf(sql: string, values: readonly string[]): Condition {
  return { sql: `${sql} (${values.map(() => "?").join(", ")})`, values: [...values] };
}

function joined(parts: readonly RegistryStatement[], word: string): Condition {
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(word),
    values: parts.flatMap(({ values }) => values),
  };
}

interface Condition extends RegistryStatement {
  readonly values: unknown[];
}
