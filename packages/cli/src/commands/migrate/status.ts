import type { MigrationReport, TenantRecord } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { on, whole } from "../../command/flags.ts";
import type { Session } from "../../command/session.ts";
import { selectionFlags } from "../../command/shared-flags.ts";
import { exitOf } from "../../exit-codes.ts";
import { selectMigrated } from "../../migrations/select-migrated.ts";
import type { SchemasOutput } from "../../outputs/migration-output.ts";
import { factsOf } from "../../report-error.ts";

/** `migrate status`: tells how far the schemas of the fleet are, by the registry or by the databases themselves. */
export const migrateStatus = defineCommand({
  path: "migrate status",
  kind: "reads",
  arguments: {},
  flags: { ...selectionFlags, look: on(), plans: whole("NUMBER") },
  examples: ["migrate status", "migrate status --tenants acme", "migrate status --look --json"],
  exits: [0, 1, 2, 3, 130],
  output: "schemas",
  texts: {
    en: {
      brief: "Tells how far the schemas of the fleet are, and the latest plans",
      description:
        "The registry alone says who is behind. Databases are looked into where tenants are named, or by --look.",
      arguments: {},
      flags: {
        look: "Look into the databases of all tenants",
        plans: "How many plans, newest first; 5 when absent",
      },
      behind: (behind: number, upToDate: number) => `Behind: ${behind}, up to date: ${upToDate}.`,
      columns: {
        ...{ driver: "Driver", strategy: "Strategy", version: "Schema", tenants: "Tenants" },
        ...{ plan: "Plan", direction: "Direction", made: "Made", verdict: "Verdict" },
        ...{ done: "Done", left: "Left" },
      },
      tenant: (slug: string, applied: number, pending: number) =>
        `${slug}  applied: ${applied}, pending: ${pending}`,
      dirty: (name: string) => `cut off half-way: ${name}; see \`af-tenancy migrate resolve\``,
    },
    de: {
      brief: "Sagt, wie weit die Schemata der Flotte sind, und die letzten Pläne",
      description:
        "Das Register allein sagt, wer zurück ist. In Datenbanken wird gesehen, wo Mandanten genannt sind, oder mit --look.",
      arguments: {},
      flags: {
        look: "In die Datenbanken aller Mandanten sehen",
        plans: "Wie viele Pläne, die neuesten zuerst; ohne Angabe 5",
      },
      behind: (behind: number, upToDate: number) =>
        `Zurück: ${behind}, auf dem Stand: ${upToDate}.`,
      columns: {
        ...{ driver: "Treiber", strategy: "Strategie", version: "Schema", tenants: "Mandanten" },
        ...{ plan: "Plan", direction: "Richtung", made: "Gemacht", verdict: "Ergebnis" },
        ...{ done: "Getan", left: "Übrig" },
      },
      tenant: (slug: string, applied: number, pending: number) =>
        `${slug}  ausgeführt: ${applied}, fehlend: ${pending}`,
      dirty: (name: string) => `abgebrochen: ${name}; siehe \`af-tenancy migrate resolve\``,
    },
  },
  async run(session, { look, plans: most = 5, ...selection }) {
    const { texts } = session;
    const { tenancy } = await session.application();
    const { migrations } = tenancy.tenants;
    const { upToDate, behind, schemas } = await migrations.summary();
    const plans: SchemasOutput["plans"] = [];
    for (const { id } of most === 0 ? [] : await migrations.plans(most)) {
      plans.push(planOf(await migrations.report(id)));
    }
    const isMeant = look || selection.tenants !== undefined || selection.skipTenants !== undefined;
    const fleet = isMeant ? await selectMigrated(session, selection) : [];
    const tenants: SchemasOutput["tenants"] = [];
    for (const tenant of fleet) {
      session.progress.tell(`${tenants.length + 1}/${fleet.length} ${tenant.slug}`);
      tenants.push(await lookInto(session, tenant));
    }
    const value: SchemasOutput = {
      ...{ upToDate, behind, plans, tenants },
      schemas: schemas.map(({ version, ...schema }) => ({ ...schema, version: version ?? null })),
    };
    const read = tenants.filter(({ error }) => error === null).length;
    const { columns } = texts;
    return {
      value,
      exit: exitOf({ done: read, isWhole: read === tenants.length }),
      quiet: tenants.filter(({ pending }) => pending.length > 0).map(({ tenant }) => tenant),
      show(print) {
        print.line(texts.behind(behind, upToDate), behind > 0 ? "yellow" : "green");
        print.rows(
          value.schemas.map(({ driver, strategy, version, tenants: count }) => ({
            [columns.driver]: driver,
            [columns.strategy]: strategy,
            [columns.version]: version ?? "",
            [columns.tenants]: String(count),
          })),
        );
        print.rows(
          plans.map(({ plan, direction, createdAt, verdict, counts }) => ({
            [columns.plan]: plan,
            [columns.direction]: direction,
            [columns.made]: createdAt,
            [columns.verdict]: verdict,
            [columns.done]: String(counts.done),
            [columns.left]: String(counts.waiting + counts.failed + counts.quarantined),
          })),
        );
        for (const { tenant, applied, pending, dirty, error } of tenants) {
          print.line(texts.tenant(tenant, applied.length, pending.length), "bold");
          for (const { name, at } of applied) print.line(`  ✓ ${name}  ${at}`, "green");
          for (const name of pending) print.line(`  · ${name}`, "yellow");
          if (dirty !== null) print.line(`  ${texts.dirty(dirty)}`, "red");
          if (error !== null) print.line(`  ${error.code}: ${error.message}`, "red");
        }
      },
    };
  },
});

async function lookInto(
  session: Session,
  tenant: TenantRecord,
): Promise<SchemasOutput["tenants"][number]> {
  const { tenancy } = await session.application();
  try {
    const status = await tenancy.tenants.migrations.status(tenant);
    return {
      ...{ tenant: tenant.slug, version: status.version ?? null },
      applied: status.applied.map(({ name, at }) => ({ name, at: new Date(at).toISOString() })),
      ...{ pending: [...status.pending], dirty: status.dirty ?? null, error: null },
    };
  } catch (error) {
    const { code, message } = factsOf(error, session.catalogue);
    const unknown = { version: null, applied: [], pending: [], dirty: null };
    return { tenant: tenant.slug, ...unknown, error: { code, message } };
  }
}

function planOf({ plan, verdict, counts }: MigrationReport): SchemasOutput["plans"][number] {
  return {
    ...{ plan: plan.id, direction: plan.direction, actor: plan.actor ?? null },
    createdAt: new Date(plan.createdAt).toISOString(),
    ...{ verdict, counts },
  };
}
