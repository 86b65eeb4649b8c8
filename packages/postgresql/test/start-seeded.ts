import { createTenancy, memoryRegistry } from "@af-tenancy/core";
import { type PostgresqlOptions, postgresql } from "@af-tenancy/postgresql";
import type { MakeSeeders, SeededSite } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/postgresql";

/** Where the tenants are that are seeded. */
export type SeededPlace = Pick<PostgresqlOptions, "connection" | "strategies"> &
  Partial<Pick<PostgresqlOptions, "sharedSchema" | "sharedRole">>;

/** Starts an application whose tenants are seeded, also in a process of its own. */
export async function startSeeded(
  place: SeededPlace,
  makeSeeders: MakeSeeders,
): Promise<SeededSite> {
  const properties = { id: p.string().length(36).primary(), text: p.string() };
  const note = defineEntity({ name: "Note", properties });
  const databases = postgresql({ ...place, entities: [note], seeders: makeSeeders(note) });
  const tenancy = createTenancy({ registry: memoryRegistry(), databases });
  await tenancy.start();
  return { databases, tenancy, note, em: () => databases.em() as never };
}
