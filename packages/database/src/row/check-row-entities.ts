import { ConfigurationError } from "@af-tenancy/core";
import type { EntityMetadata } from "@mikro-orm/sql";
import { isGlobal, isTable } from "./row-tables.ts";

/**
 * Refuses entities that cannot be kept apart in shared tables, before anything is served: throws `ConfigurationError`
 * with the name of the entity and what is wrong with it.
 */
export function checkRowEntities(
  metadata: readonly EntityMetadata[],
  column: string,
  globals: ReadonlySet<string>,
  engineScopes: boolean,
): void {
  for (const meta of metadata) {
    const problem = isGlobal(meta, globals)
      ? problemOfGlobal(meta, globals)
      : problemOfScoped(meta, column, engineScopes);
    if (problem === undefined) continue;
    throw new ConfigurationError(
      "entities",
      `not fit for shared tables: ${problem[0]}`,
      problem[1],
    );
  }
}

/** What is wrong, and what to do about it. */
type Problem = readonly [what: string, remedy: string];

function problemOfGlobal(meta: EntityMetadata, globals: ReadonlySet<string>): Problem | undefined {
  const relation = meta.relations.find(
    ({ owner, kind, targetMeta }) =>
      (owner || kind === "m:1") && targetMeta !== undefined && !isGlobal(targetMeta, globals),
  );
  if (relation === undefined) return undefined;
  return [
    `the global entity "${meta.className}" refers by "${relation.name}" to "${relation.type}", whose rows belong to tenants`,
    'make both global, or take it out of "global".',
  ];
}

function problemOfScoped(
  meta: EntityMetadata,
  column: string,
  engineScopes: boolean,
): Problem | undefined {
  const { className, inheritanceType } = meta;
  if (meta.view && !engineScopes) {
    return [
      `"${className}" is a view, which this driver cannot keep to one tenant`,
      'list it in "global" if it shows no tenant\'s rows, or build the query in the application.',
    ];
  }
  if (!isTable(meta)) return undefined;
  if (inheritanceType === "tpt") {
    return [`"${className}" is spread over several tables`, "use single table inheritance."];
  }
  if (meta.props.some(({ fieldNames }) => fieldNames?.includes(column))) {
    return [
      `"${className}" has a column "${column}" of its own`,
      "leave it out, as it is added by itself, or name another one with tenantColumn.",
    ];
  }
  const index = [...meta.uniques, ...meta.indexes.filter(isUnique)].find(
    ({ expression }) => expression !== undefined && !String(expression).includes(column),
  );
  if (index !== undefined) {
    return [
      `the unique index "${index.name ?? "without a name"}" of "${className}" is an expression without "${column}", so that one tenant's values would be refused to another`,
      `put "${column}" into its expression, or declare it by properties.`,
    ];
  }
  const relation = meta.relations.find(({ deleteRule }) => deleteRule === "set default");
  if (relation === undefined) return undefined;
  return [
    `"${relation.name}" of "${className}" has the delete rule "set default", which would change the tenant too`,
    'use "cascade", "set null" or "restrict".',
  ];
}

/** An expression is a whole statement, so that it may be unique without being declared so. */
function isUnique({ expression }: { readonly expression?: unknown }): boolean {
  return /\bunique\b/i.test(String(expression));
}
