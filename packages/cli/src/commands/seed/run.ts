import type { FleetSeedingOptions, SeededTenant, TenantRecord } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { on } from "../../command/flags.ts";
import type { Session } from "../../command/session.ts";
import { fleetFlags } from "../../command/shared-flags.ts";
import { plannedTenants, selectMigrated } from "../../migrations/select-migrated.ts";
import type { SeedingOutput } from "../../outputs/seeding-output.ts";
import { askForSeeders } from "../../seeding/ask-for-seeders.ts";
import { rehearseSeeding } from "../../seeding/rehearse-seeding.ts";
import { seedingOutcome } from "../../seeding/seeding-outcome.ts";
import { keptFailure } from "../../tenants/kept-failure.ts";
import { measure } from "../../tenants/measure.ts";
import { tellFailures } from "../../tenants/tell-failures.ts";

/** `seed run`: runs seeders in tenants. */
export const seedRun = defineCommand({
  path: "seed run",
  kind: "changes",
  arguments: { seeders: "rest" },
  flags: { ...fleetFlags, again: on() },
  examples: [
    "seed run",
    "seed run welcome demo --tenants acme,globex --json",
    "seed run demo --again --skip-failing --processes 4",
  ],
  exits: [0, 1, 2, 3, 130],
  output: "seeding",
  texts: {
    en: {
      brief: "Runs seeders in tenants, each once in each database",
      description:
        "Rows, time and memory of each are told. What was stopped or failed goes on by the same call.",
      arguments: {
        seeders: "Their names; asked for on a terminal, and elsewhere all of them, when absent",
      },
      flags: { again: "Also those that have run to their end before" },
      dryRun: "Which seeders would run in whose database; databases are looked into",
      unknown: (name: string, names: string) =>
        `There is no seeder "${name}": give some of ${names}.`,
      which: "Which seeders? (space chooses, enter runs)",
      would: "Would run:",
      columns: {
        ...{ seeder: "Seeder", ran: "Ran", had: "Had it", failed: "Failed" },
        ...{ rows: "Rows", time: "ms together", memory: "MB at most" },
      },
    },
    de: {
      brief: "Führt Seeder bei Mandanten aus, jeden einmal je Datenbank",
      description:
        "Zeilen, Zeit und Speicher eines jeden werden genannt. Was angehalten wurde oder fehlschlug, geht mit demselben Aufruf weiter.",
      arguments: {
        seeders: "Ihre Namen; fehlen sie, wird am Terminal gefragt, sonst laufen alle",
      },
      flags: { again: "Auch die, die schon bis zum Ende gelaufen sind" },
      dryRun: "Welche Seeder in wessen Datenbank liefen; in die Datenbanken wird gesehen",
      unknown: (name: string, names: string) =>
        `Es gibt keinen Seeder „${name}“: welche von ${names} angeben.`,
      which: "Welche Seeder? (Leertaste wählt, Eingabe führt aus)",
      would: "Es liefen:",
      columns: {
        ...{ seeder: "Seeder", ran: "Gelaufen", had: "Schon da", failed: "Fehlgeschlagen" },
        ...{ rows: "Zeilen", time: "ms zusammen", memory: "MB höchstens" },
      },
    },
  },
  async run(session, { seeders: named, processes = 1, skipFailing, again = false, ...selection }) {
    const { texts, settings, refuse, signal } = session;
    const { databases, tenancy } = await session.application();
    const { seeding } = tenancy.tenants;
    const names = databases?.seeding?.names ?? [];
    const unknown = named.find((name) => !names.includes(name));
    if (unknown !== undefined) refuse(texts.unknown(unknown, names.join(", ")));
    const fleet = await selectMigrated(session, selection);
    const isOpen = named.length === 0 && settings.mayAsk && names.length > 0;
    const chosen = isOpen ? await askForSeeders(session, texts.which, names) : named;
    const seeders = chosen.length === 0 ? names : chosen;
    const cost = measure();
    if (settings.dryRun) {
      const tenants: SeedingOutput["tenants"] = [];
      for (const tenant of fleet) {
        tenants.push(await rehearseSeeding(session, tenant, { seeders, again }));
      }
      const value = { dryRun: true, verdict: "waiting", tenants, cost: cost() } as const;
      return seedingOutcome(session, texts, value);
    }
    const options: FleetSeedingOptions = {
      ...{ seeders, again, signal, concurrency: processes, ...plannedTenants(fleet) },
      onFailure: skipFailing ? "skip" : "stop",
      onProgress: tell(session, fleet),
    };
    tenancy.events.on("seedingProgress", ({ tenant: { tenantId }, position }) => {
      session.progress.tell(`${position}/${fleet.length}`);
      session.progress.done(tenantId);
    });
    await tellFailures(session);
    const { actor } = await session.application();
    const { verdict, tenants } = await tenancy.central(() => seeding.run(options), { actor });
    const byId = new Map(tenants.map((tenant) => [tenant.tenantId, tenant]));
    const told = fleet.map(({ id, slug }) => tenantOf(slug, byId.get(id)));
    return seedingOutcome(session, texts, { dryRun: false, verdict, tenants: told, cost: cost() });
  },
});

/** Tells which seeder is how far in whose database. */
function tell(
  { progress }: Session,
  fleet: readonly TenantRecord[],
): FleetSeedingOptions["onProgress"] & {} {
  const slugs = new Map(fleet.map(({ id, slug }) => [id, slug]));
  return ({ tenantId, seeder, done, total }) => {
    const share = total === undefined ? String(done) : `${done}/${total}`;
    progress.begin(tenantId, `${slugs.get(tenantId) ?? tenantId} ${seeder} ${share}`);
  };
}

/** Whose turn did not come is `waiting`. */
function tenantOf(tenant: string, seeded?: SeededTenant): SeedingOutput["tenants"][number] {
  const { state = "waiting", attempts = 0, seeders = [], failure } = seeded ?? {};
  return {
    ...{ tenant, state, attempts },
    seeders: seeders.map(({ name, ran, rows, tables, milliseconds, peakHeap, peakRss }) => ({
      ...{ name, ran, rows, tables: { ...tables } },
      ...{ milliseconds, peakHeap, peakRss },
    })),
    error:
      failure === undefined ? null : { ...keptFailure(failure), seeder: failure.seeder ?? null },
  };
}
