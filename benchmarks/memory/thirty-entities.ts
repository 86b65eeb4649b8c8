import { defineEntity, p } from "@mikro-orm/sqlite";

/** Thirty entities, each of which belongs to the one before and has ten columns of its own. */
export function thirtyEntities() {
  const entities: MemoryEntity[] = [];
  for (let number = 0; number < 30; number++) entities.push(entity(number, entities.at(-1)));
  return entities;
}

/** One of them. */
export type MemoryEntity = ReturnType<typeof entity>;

function entity(number: number, parent: unknown) {
  return defineEntity({
    name: `Entity${number}`,
    properties: {
      id: p.integer().primary(),
      ...{
        name: p.string().index(),
        kind: p.enum(["a", "b"]).nullable(),
        note: p.text().nullable(),
      },
      ...{
        amount: p.integer().nullable(),
        price: p.double().nullable(),
        done: p.boolean().nullable(),
      },
      ...{ at: p.datetime().nullable(), more: p.string().nullable(), code: p.string().nullable() },
      ...(parent !== undefined && { parent: () => p.manyToOne(parent as never).nullable() }),
    },
  });
}
