import { createTenancy, memoryRegistry, type PlacementStrategy } from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import type { MakeSeeders, SeededSite } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/sqlite";

/** Where the tenants are that are seeded. */
export interface SeededPlace {
  readonly folder: string;
  readonly strategy: PlacementStrategy;
}

/** Starts an application whose tenants are seeded, also in a process of its own. */
export async function startSeeded(
  { folder, strategy }: SeededPlace,
  makeSeeders: MakeSeeders,
): Promise<SeededSite> {
  const properties = { id: p.string().length(36).primary(), text: p.string() };
  const note = defineEntity({ name: "Note", properties });
  const databases = sqlite({
    ...{ folder, entities: [note], strategies: [strategy], maxWait: 300 },
    seeders: makeSeeders(note),
  });
  const tenancy = createTenancy({ registry: memoryRegistry(), databases });
  await tenancy.start();
  return { databases, tenancy, note, em: () => databases.em() as never };
}
