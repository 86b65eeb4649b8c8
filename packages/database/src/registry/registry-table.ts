import type { EntityProperty, EntitySchema, InferEntity, MikroORM } from "@mikro-orm/sql";
import type { RegistryEntities } from "./entities.ts";

/** A table of the registry as its entity's metadata has it: how its rows are written down and read. */
export interface RegistryTable<Row> {
  /** As it stands in SQL. */
  readonly name: string;
  /** By the names of the entity's properties. */
  readonly columns: ReadonlyMap<string, RegistryColumn>;
  /** Reads a row that the database gave. */
  read(given: Readonly<Record<string, unknown>>): Row;
}

/** A column of such a table. */
interface RegistryColumn {
  /** As it stands in SQL. */
  readonly name: string;
  /** As the database names it in a row. */
  readonly field: string;
  /** Reads a value that is not `null`. */
  readonly read: (value: unknown) => unknown;
}

/** The registry's tables, by the names of their entities. */
export type RegistryTables = {
  readonly [K in keyof RegistryEntities]: RegistryTable<InferEntity<RegistryEntities[K]>>;
};

/** Reads from an ORM's metadata what the tables of its entities are like. */
export function registryTables(orm: MikroORM, entities: RegistryEntities): RegistryTables {
  const tables = Object.entries(entities).map(([name, entity]) => [name, tableOf(orm, entity)]);
  return Object.fromEntries(tables) as RegistryTables;
}

function tableOf(orm: MikroORM, entity: EntitySchema): RegistryTable<object> {
  const { tableName, props } = orm.getMetadata().get(entity.meta.class);
  const platform = orm.driver.getPlatform();
  const columns = new Map<string, RegistryColumn>();
  for (const property of props) {
    const [field = property.name] = property.fieldNames;
    columns.set(property.name, {
      ...{ name: platform.quoteIdentifier(field), field },
      read: readerOf(property),
    });
  }
  const fields = [...columns].map(([key, { field, read }]) => ({ key, field, read }));
  return {
    name: platform.quoteIdentifier(tableName),
    columns,
    read(given) {
      const row: Record<string, unknown> = {};
      for (const { key, field, read } of fields) {
        const value = given[field];
        row[key] = value == null ? null : read(value);
      }
      return row;
    },
  };
}

/** Some databases give large numbers as texts, and truth as a number. */
function readerOf({ runtimeType }: EntityProperty): RegistryColumn["read"] {
  if (runtimeType === "number") return Number;
  return runtimeType === "boolean" ? Boolean : same;
}

const same = (value: unknown) => value;
