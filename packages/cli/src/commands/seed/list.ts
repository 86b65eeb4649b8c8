import type { TenantRecord } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { on } from "../../command/flags.ts";
import type { Session } from "../../command/session.ts";
import { selectionFlags } from "../../command/shared-flags.ts";
import { exitOf } from "../../exit-codes.ts";
import { selectMigrated } from "../../migrations/select-migrated.ts";
import type { SeedersOutput } from "../../outputs/seeding-output.ts";
import { factsOf } from "../../report-error.ts";

/** `seed list`: lists the seeders of the application, and which of them tenants have had. */
export const seedList = defineCommand({
  path: "seed list",
  kind: "reads",
  arguments: {},
  flags: { ...selectionFlags, look: on() },
  examples: ["seed list", "seed list --tenants acme", "seed list --look --json"],
  exits: [0, 1, 2, 3, 130],
  output: "seeders",
  texts: {
    en: {
      brief: "Lists seeders in the order in which they run, and which of them tenants have had",
      description: "Databases are looked into where tenants are named, or by --look.",
      arguments: {},
      flags: { look: "Look into the databases of all tenants" },
      none: "There are no seeders.",
      columns: { tenant: "Tenant", seeder: "Seeder", at: "Ran", rows: "Rows" },
    },
    de: {
      brief: "Listet Seeder auf, wie sie laufen, und welche davon Mandanten gehabt haben",
      description: "In Datenbanken wird gesehen, wo Mandanten genannt sind, oder mit --look.",
      arguments: {},
      flags: { look: "In die Datenbanken aller Mandanten sehen" },
      none: "Es gibt keine Seeder.",
      columns: { tenant: "Mandant", seeder: "Seeder", at: "Gelaufen", rows: "Zeilen" },
    },
  },
  async run(session, { look, ...selection }) {
    const { texts, progress } = session;
    const { databases } = await session.application();
    const isMeant = look || selection.tenants !== undefined || selection.skipTenants !== undefined;
    const fleet = isMeant ? await selectMigrated(session, selection) : [];
    const tenants: SeedersOutput["tenants"] = [];
    for (const tenant of fleet) {
      progress.tell(`${tenants.length + 1}/${fleet.length} ${tenant.slug}`);
      tenants.push(await lookInto(session, tenant));
    }
    const value: SeedersOutput = { seeders: [...(databases?.seeding?.names ?? [])], tenants };
    const read = tenants.filter(({ error }) => error === null).length;
    return {
      value,
      exit: exitOf({ done: read, isWhole: read === tenants.length }),
      quiet: value.seeders,
      show(print) {
        if (value.seeders.length === 0) print.line(texts.none, "dim");
        for (const [index, name] of value.seeders.entries()) print.line(`${index + 1}. ${name}`);
        const { columns } = texts;
        print.rows(
          tenants.flatMap(({ tenant, seeders }) =>
            seeders.map(({ name, at, rows }) => ({
              [columns.tenant]: tenant,
              [columns.seeder]: name,
              [columns.at]: at ?? "",
              [columns.rows]: String(rows),
            })),
          ),
        );
        for (const { tenant, error } of tenants) {
          if (error !== null) print.line(`  ${tenant}  ${error.code}: ${error.message}`, "red");
        }
      },
    };
  },
});

async function lookInto(
  session: Session,
  tenant: TenantRecord,
): Promise<SeedersOutput["tenants"][number]> {
  const { tenancy } = await session.application();
  try {
    const status = await tenancy.tenants.seeding.status(tenant);
    const seeders = status.map(({ name, at, rows }) => ({
      ...{ name, rows },
      at: at === undefined ? null : new Date(at).toISOString(),
    }));
    return { tenant: tenant.slug, seeders, error: null };
  } catch (error) {
    const { code, message } = factsOf(error, session.catalogue);
    return { tenant: tenant.slug, seeders: [], error: { code, message } };
  }
}
