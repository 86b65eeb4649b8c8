import type { EntityMetadata } from "@mikro-orm/core";
import { hasForeignKey, type OrderedReference, referenceOrder } from "../row/reference-order.ts";

/** How rows can be inserted without one that refers to a row which is not there yet. */
export interface InsertOrder {
  /** Entities that are referred to before those that refer to them. */
  readonly ordered: readonly EntityMetadata[];
  /** References that run in a circle, and those of a table to itself: they are set after all rows are there. */
  readonly links: ReadonlyMap<EntityMetadata, readonly string[]>;
}

/** Orders entities for inserting by their foreign keys. */
export function insertOrder(metadata: readonly EntityMetadata[]): InsertOrder {
  const { ordered, circular } = referenceOrder(metadata, referencesOf);
  const links = new Map<EntityMetadata, readonly string[]>();
  for (const { from, reference } of circular) {
    links.set(from, [...(links.get(from) ?? []), reference.name]);
  }
  return { ordered, links };
}

interface NamedReference extends OrderedReference<EntityMetadata> {
  readonly name: string;
}

function referencesOf({ relations }: EntityMetadata): NamedReference[] {
  return relations
    .filter(hasForeignKey)
    .flatMap(({ name, targetMeta, nullable, primary }) =>
      targetMeta === undefined
        ? []
        : [{ name, target: targetMeta.root, optional: nullable === true && !primary }],
    );
}
