import { type EntityMetadata, type EntityProperty, ReferenceKind } from "@mikro-orm/core";

/** How rows can be inserted without one that refers to a row which is not there yet. */
export interface InsertOrder {
  /** Entities that are referred to before those that refer to them. */
  readonly ordered: readonly EntityMetadata[];
  /** References that run in a circle, and those of a table to itself: they are set after all rows are there. */
  readonly links: ReadonlyMap<EntityMetadata, readonly string[]>;
}

/** Orders entities for inserting by their foreign keys. */
export function insertOrder(metadata: readonly EntityMetadata[]): InsertOrder {
  const ordered: EntityMetadata[] = [];
  const links = new Map<EntityMetadata, string[]>();
  const state = new Map<EntityMetadata, "open" | "done">();

  function visit(meta: EntityMetadata): void {
    state.set(meta, "open");
    for (const { name, targetMeta, nullable, primary } of meta.relations.filter(hasForeignKey)) {
      const target = targetMeta?.root;
      if (target === undefined || !metadata.includes(target)) continue;
      if (state.get(target) === undefined) visit(target);
      else if (state.get(target) === "open" && nullable && !primary) {
        links.set(meta, [...(links.get(meta) ?? []), name]);
      }
    }
    state.set(meta, "done");
    ordered.push(meta);
  }

  for (const meta of metadata) if (state.get(meta) === undefined) visit(meta);
  return { ordered, links };
}

function hasForeignKey({ kind, owner }: EntityProperty): boolean {
  return kind === ReferenceKind.MANY_TO_ONE || (kind === ReferenceKind.ONE_TO_ONE && owner);
}
