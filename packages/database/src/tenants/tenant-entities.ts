import { ConfigurationError } from "@af-tenancy/core";
import type { AnyEntity, EntityClass, EntitySchema } from "@mikro-orm/sql";

/** An entity as MikroORM discovers it: a class, or what `defineEntity` gives. */
export type TenantEntity = EntityClass<AnyEntity> | EntitySchema;

/** Entities under the names by which the application's code asks for them. */
export type NamedEntities = Readonly<Record<string, TenantEntity>>;

/** Makes new entities for a driver; called once per driver, because MikroORM writes on an entity whose ORM it is. */
export type EntityFactory<E extends NamedEntities = NamedEntities> = (driver: string) => E;

/** The entities that every tenant's database holds: a list where there is one driver, else a factory. */
export type TenantEntities = readonly TenantEntity[] | EntityFactory;

/** What `entities()` gives for what was given as the option `entities`. */
export type EntitiesOf<E extends TenantEntities> =
  E extends EntityFactory<infer Named> ? Named : readonly TenantEntity[];

/** The entities of one driver. */
export interface DriverEntities {
  /** What the application gets: the factory's result, or its own list. */
  readonly given: NamedEntities | readonly TenantEntity[];
  readonly list: readonly TenantEntity[];
  /** They were made for this driver. */
  readonly made: boolean;
}

/** Calls the factory, or takes the list; throws `ConfigurationError` when there is nothing in it. */
export function entitiesFor(entities: TenantEntities, driver: string): DriverEntities {
  const made = typeof entities === "function";
  const given = made ? entities(driver) : entities;
  const list = made ? valuesOf(given) : given;
  if (!Array.isArray(list) || list.length === 0) {
    throw new ConfigurationError(
      "entities",
      made ? "a function that gives no entities" : "empty or no list",
      made
        ? "have it return an object such as { Note: defineEntity(...) }."
        : "list the entities that every tenant's database holds.",
    );
  }
  return { given, list, made };
}

function valuesOf(given: unknown): readonly unknown[] {
  return typeof given === "object" && given !== null ? Object.values(given) : [];
}
