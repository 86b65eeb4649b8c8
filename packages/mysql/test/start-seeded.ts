import { createTenancy, memoryRegistry } from "@af-tenancy/core";
import { type MysqlOptions, mysql } from "@af-tenancy/mysql";
import type { MakeSeeders, SeededSite } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/mysql";

/** Where the tenants are that are seeded. */
export type SeededPlace = Pick<MysqlOptions, "connection" | "strategies"> &
  Partial<Pick<MysqlOptions, "sharedDatabase">>;

/** Starts an application whose tenants are seeded, also in a process of its own. */
export async function startSeeded(
  place: SeededPlace,
  makeSeeders: MakeSeeders,
): Promise<SeededSite> {
  const properties = { id: p.string().length(36).primary(), text: p.string() };
  const note = defineEntity({ name: "Note", properties });
  const databases = mysql({
    ...{ ...place, flavour: "mariadb", entities: [note] },
    seeders: makeSeeders(note),
  });
  const tenancy = createTenancy({ registry: memoryRegistry(), databases });
  await tenancy.start();
  return { databases, tenancy, note, em: () => databases.em() as never };
}
