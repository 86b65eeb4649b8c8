import { defineCommand } from "../../command/define-command.ts";
import { choice } from "../../command/flags.ts";
import { changeOutcome } from "../../tenants/change-outcome.ts";
import { measure } from "../../tenants/measure.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `migrate resolve`: says what became of a migration that was cut off half-way. */
export const migrateResolve = defineCommand({
  path: "migrate resolve",
  kind: "changes",
  arguments: { tenant: "required", migration: "required" },
  flags: { as: choice(["applied", "reverted"]) },
  examples: [
    "migrate resolve acme Migration20260212_done --as applied",
    "migrate resolve acme Migration20260212_done --as reverted --dry-run --json",
  ],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Says what became of a migration that was cut off half-way",
      description:
        "Where the engine cannot take back what a migration changed, nobody but you can tell: look at the tables, bring\nthem to one side or the other, and say which. Until then nothing migrates this tenant.",
      arguments: {
        tenant: "Its slug, id or a domain",
        migration: "The migration, as `migrate status` names it",
      },
      flags: { as: "Whether the tables are now as after it, or as before it" },
      dryRun:
        "What would be said of it; another migration than the one that was cut off is refused",
      missing: "Say what the tables are like now: --as applied or --as reverted.",
      notDirty: (slug: string, name: string) =>
        `"${name}" was not cut off at "${slug}": see \`af-tenancy migrate status --tenants ${slug}\`.`,
      done: (name: string, slug: string) =>
        `"${name}" of "${slug}" is settled; \`af-tenancy migrate resume --release\` goes on.`,
    },
    de: {
      brief: "Sagt, was aus einer Migration wurde, die abgebrochen ist",
      description:
        "Wo die Datenbank nicht zurücknimmt, was eine Migration geändert hat, weiß das niemand sonst: die Tabellen ansehen,\nsie auf die eine oder andere Seite bringen, und sagen, auf welche. Bis dahin migriert nichts diesen Mandanten.",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain",
        migration: "Die Migration, wie `migrate status` sie nennt",
      },
      flags: { as: "Ob die Tabellen jetzt wie nach ihr oder wie vor ihr sind" },
      dryRun: "Was von ihr gesagt würde; eine andere als die abgebrochene wird abgelehnt",
      missing: "Sagen, wie die Tabellen jetzt sind: --as applied oder --as reverted.",
      notDirty: (slug: string, name: string) =>
        `„${name}“ ist bei „${slug}“ nicht abgebrochen: siehe \`af-tenancy migrate status --tenants ${slug}\`.`,
      done: (name: string, slug: string) =>
        `„${name}“ von „${slug}“ ist geklärt; \`af-tenancy migrate resume --release\` macht weiter.`,
    },
  },
  async run(session, { tenant: named, migration, as }) {
    const { texts, settings, refuse } = session;
    if (as === undefined) return refuse(texts.missing);
    const cost = measure();
    const tenant = await selectTenant(session, named);
    const { tenancy, actor } = await session.application();
    const { migrations } = tenancy.tenants;
    const { dirty } = await migrations.status(tenant);
    if (dirty !== migration) refuse(texts.notDirty(tenant.slug, migration));
    if (!settings.dryRun) {
      await tenancy.central(() => migrations.resolve(tenant, migration, as), { actor });
    }
    const change = { tenant: tenant.slug, what: migration, from: "dirty", to: as };
    const done = texts.done(migration, tenant.slug);
    return changeOutcome(session, { tenants: [tenant], changes: [change], cost: cost(), done });
  },
});
