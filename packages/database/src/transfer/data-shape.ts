import { InvalidInputError } from "@af-tenancy/core";
import type { EntityMetadata } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { classOf, isTable, type RowTables } from "../row/row-tables.ts";
import { bindingOfManager } from "../tenants/assert-own.ts";
import type { TenantEntity } from "../tenants/tenant-entities.ts";
import { type DataField, dataField, isStored } from "./data-field.ts";
import { insertOrder } from "./insert-order.ts";
import { rowValuesOf } from "./row-values.ts";
import { valueKinds } from "./value-kind.ts";

/** An entity, or the name under which it is declared; a table between two entities has a name only. */
export type EntityChoice = TenantEntity | string;

/** An entity's table, as data goes in and out of it. */
export interface EntityShape {
  readonly name: string;
  readonly meta: EntityMetadata;
  readonly fields: readonly DataField[];
  readonly byName: ReadonlyMap<string, DataField>;
  readonly keys: readonly DataField[];
  /** References that may be to rows that come later, so that they are set once all rows are there. */
  readonly links: readonly DataField[];
}

/** The entities whose rows belong to a tenant, those that are referred to before those that refer to them. */
export interface DataShape {
  readonly all: readonly EntityShape[];
  /** The column whose value is the tenant's, whatever a file says; `undefined` where no tenants share tables. */
  readonly tenantColumn: string | undefined;
  /** Gives those that are chosen; throws `InvalidInputError` for one that there is not. */
  choose(choices: readonly EntityChoice[] | undefined): readonly EntityShape[];
  get(name: string): EntityShape | undefined;
}

/** Describes what belongs to a tenant in the database of its entity manager. */
export function dataShape(em: SqlEntityManager): DataShape {
  const tables = bindingOfManager(em)?.rows?.tables;
  const metadata = [...em.getMetadata().getAll().values()].filter(
    (meta) => isTable(meta) && meta.root === meta && !isEverybodys(meta, tables),
  );
  const { ordered, links } = insertOrder(metadata);
  const kinds = valueKinds((value) => rowValuesOf(em).numberSql?.(value) !== undefined);
  const platform = em.getPlatform();
  const all = ordered.map((meta): EntityShape => {
    const fields = meta.props
      .filter((prop) => isStored(prop, meta.properties))
      .map((prop) => dataField(prop, kinds, platform));
    const later = links.get(meta) ?? [];
    return {
      ...{ name: meta.className, meta, fields },
      byName: new Map(fields.map((field) => [field.name, field])),
      keys: meta.primaryKeys.flatMap((key) => fields.filter(({ name }) => name === key)),
      links: fields.filter(({ name }) => later.includes(name)),
    };
  });
  const byName = new Map(all.map((shape) => [shape.name, shape]));
  return {
    all,
    tenantColumn: tables?.column,
    choose: (choices) => chosen(choices, all, byName),
    get: (name) => byName.get(name),
  };
}

function isEverybodys(meta: EntityMetadata, tables: RowTables | undefined): boolean {
  return tables !== undefined && tables.get(meta.tableName) === undefined;
}

/** A table between two entities goes with both of them. */
function chosen(
  choices: readonly EntityChoice[] | undefined,
  all: readonly EntityShape[],
  byName: ReadonlyMap<string, EntityShape>,
): readonly EntityShape[] {
  const names = choices === undefined ? undefined : new Set(choices.map(nameOf));
  for (const name of names ?? []) {
    if (byName.has(name)) continue;
    const rule = "name entities of the tenant's own, such as [Note]";
    throw new InvalidInputError("entities", name, rule);
  }
  const found = all.filter(({ name, meta }) => {
    if (names === undefined || names.has(name)) return true;
    return (
      meta.pivotTable === true &&
      meta.relations.every(({ targetMeta }) => names.has(targetMeta?.root.className ?? ""))
    );
  });
  for (const shape of found) assertPlain(shape);
  return found;
}

/** The name of an entity's table, whichever entity of it is meant. */
export function nameOf(choice: EntityChoice): string {
  if (typeof choice === "string") return choice;
  const meta = (choice as { readonly meta?: EntityMetadata }).meta;
  const name = (classOf(choice) as { readonly name?: string } | undefined)?.name;
  return meta?.root?.className ?? meta?.className ?? name ?? String(choice);
}

/** Refuses what one row of a file cannot stand for. */
function assertPlain({ name, meta, keys }: EntityShape): void {
  const isSpread = meta.inheritanceType === "tpt";
  const hasKey = keys.length > 0 && keys.length === meta.primaryKeys.length;
  const isOneOfMany = meta.relations.some(({ polymorphic }) => polymorphic === true);
  if (!isSpread && hasKey && !isOneOfMany) return;
  const rule =
    "an entity that is spread over several tables, whose key the database makes, or which refers to entities of " +
    "several classes by one property, is left out";
  throw new InvalidInputError("entities", name, rule);
}
