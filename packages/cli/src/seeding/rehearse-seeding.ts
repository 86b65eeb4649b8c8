import type { TenantRecord } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";
import type { SeedingOutput } from "../outputs/seeding-output.ts";
import { factsOf } from "../report-error.ts";

/** Tells which of some seeders a tenant's database lacks, or all of them where they are to run again. */
export async function rehearseSeeding(
  session: Session,
  tenant: TenantRecord,
  { seeders, again }: { readonly seeders: readonly string[]; readonly again: boolean },
): Promise<SeedingOutput["tenants"][number]> {
  const { tenancy } = await session.application();
  const none = { rows: 0, tables: {}, milliseconds: 0, peakHeap: 0, peakRss: 0 };
  const told = { tenant: tenant.slug, state: "waiting", attempts: 0 } as const;
  try {
    const status = await tenancy.tenants.seeding.status(tenant);
    return {
      ...told,
      seeders: status
        .filter(({ name }) => seeders.includes(name))
        .map(({ name, at }) => ({ name, ran: again || at === undefined, ...none })),
      error: null,
    };
  } catch (error) {
    const { code, message } = factsOf(error, session.catalogue);
    return { ...told, seeders: [], error: { code, message, seeder: null } };
  }
}
