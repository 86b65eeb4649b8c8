import type {
  CentralRegistry,
  LedgerEntry,
  OperationRecord,
  Placement,
  TenantDatabases,
  TenantRecord,
} from "@af-tenancy/core";
import type { Check, Fix } from "./finding.ts";
import { dirtySchemas, type migrationsOf, unfinishedPlans } from "./half-way.ts";

/** What is known of registry and databases before they are compared. */
export interface FleetPatient {
  readonly registry: CentralRegistry;
  readonly databases: TenantDatabases;
  /** Those whose databases are looked up one by one. */
  readonly tenants: readonly TenantRecord[];
  /** Every database that the registry ever began. */
  readonly ledger: readonly LedgerEntry[];
  readonly unfinished: readonly OperationRecord[];
  /** `undefined` where schemas are made from entities alone. */
  readonly migrations: ReturnType<typeof migrationsOf>;
  /** How a fix is told. */
  recording(tenant: string, database: string): string;
}

/** A registry that was restored or edited by hand forgot a database that a tenant uses. */
const unrecordedDatabase: Check<FleetPatient> = {
  id: "fleet/unrecorded-database",
  severity: "error",
  remedy:
    "Run `af-tenancy doctor --fix`: it writes the database down again where it bears the tenant's own marker; otherwise find out whose it is.",

  async look(patient) {
    const entries = new Map(patient.ledger.map((entry) => [keyOf(entry.placement), entry]));
    const symptoms = [];
    for (const tenant of patient.tenants) {
      const { id, slug, placement } = tenant;
      if (placement === undefined || !isOwn(placement)) continue;
      const entry = entries.get(keyOf(placement));
      if (entry?.tenantId === id && entry.state !== "garbage") continue;
      const recorded = entry === undefined ? "nothing" : `${entry.state} of "${entry.tenantId}"`;
      const message = `Tenant "${slug}" is placed in it, and the list of databases has ${recorded}.`;
      const mayFix = entry === undefined || entry.tenantId === id;
      const fix = mayFix ? await recordAgain(patient, tenant, placement) : undefined;
      symptoms.push({ subject: subjectOf(placement), message, ...(fix && { fix }) });
    }
    return symptoms;
  },
};

/** A drop that failed, or was left for later. */
const garbageDatabase: Check<FleetPatient> = {
  id: "fleet/garbage-database",
  severity: "warning",
  remedy: "Run `af-tenancy repair`, which drops it.",

  async look(patient) {
    const left = await withoutTenant(patient);
    return left
      .filter(({ state }) => state === "garbage")
      .map(({ placement, tenantId }) => ({
        subject: subjectOf(placement),
        message: `It is still there, and "${tenantId}" does not use it any more.`,
      }));
  },
};

/** The registry lost a tenant whose database is there. */
const tenantlessDatabase: Check<FleetPatient> = {
  id: "fleet/tenantless-database",
  severity: "error",
  remedy:
    "Restore the registry's row of the tenant from a backup, or run `af-tenancy tenant adopt <slug> <database> --id <id>` with the id of the message.",

  async look(patient) {
    const left = await withoutTenant(patient);
    return left
      .filter(({ state }) => state !== "garbage")
      .map(({ placement, tenantId, state }) => ({
        subject: subjectOf(placement),
        message: `It is there (${state}), and the registry has no tenant with the id "${tenantId}".`,
      }));
  },
};

/** Whoever worked on it crashed, or it failed. */
const unfinishedOperation: Check<FleetPatient> = {
  id: "fleet/unfinished-operation",
  severity: "warning",
  remedy:
    "Run `af-tenancy repair`, which finishes or discards it; a tenant that it cannot make to the end is removed by `af-tenancy tenant purge <id> --skip-grace`.",

  async look({ unfinished }) {
    const now = Date.now();
    return unfinished
      .filter(({ leaseUntil }) => leaseUntil === undefined || leaseUntil <= now)
      .map(({ kind, tenantId, state, error }) => ({
        subject: `${kind} of "${tenantId}"`,
        message: `Nobody works on it, and it is ${state}${error === undefined ? "." : `: ${error}`}`,
      }));
  },
};

/** A process was killed, or lost its database, amid a migration that cannot be taken back. */
const dirtySchema: Check<FleetPatient> = {
  id: "fleet/dirty-schema",
  severity: "error",
  remedy:
    "Bring its tables to one side or the other and say which: `af-tenancy migrate resolve <slug> <migration> --as applied`, or `--as reverted`.",

  async look({ migrations, tenants }) {
    return migrations === undefined ? [] : dirtySchemas(migrations.fleet, tenants);
  },
};

/** A migration failed at some tenants, and nobody went on with them. */
const unfinishedPlan: Check<FleetPatient> = {
  id: "fleet/unfinished-plan",
  severity: "warning",
  remedy:
    "See what failed by `af-tenancy migrate status`, mend it, and go on: `af-tenancy migrate resume <plan> --release`.",

  async look({ migrations }) {
    return migrations === undefined ? [] : unfinishedPlans(migrations);
  },
};

/** Compare the registry with what there is. */
export const fleetChecks: readonly Check<FleetPatient>[] = Object.freeze([
  unrecordedDatabase,
  tenantlessDatabase,
  garbageDatabase,
  unfinishedOperation,
  dirtySchema,
  unfinishedPlan,
]);

/** Entries whose tenant is gone or has a younger generation, and whose database is there and bears their marker. */
async function withoutTenant({
  registry,
  databases,
  ledger,
}: FleetPatient): Promise<readonly LedgerEntry[]> {
  const left: LedgerEntry[] = [];
  for (const entry of ledger) {
    const { tenantId, placement } = entry;
    if (!isOwn(placement)) continue;
    const tenant = await registry.store.find({ by: "id", value: tenantId });
    const { placement: present } = tenant ?? {};
    const isOver = present !== undefined && placement.generation < present.generation;
    if (tenant !== undefined && !isOver) continue;
    if (await bearsMarker(databases, tenantId, placement)) left.push(entry);
  }
  return left;
}

async function recordAgain(
  { registry, databases, recording }: FleetPatient,
  { id, slug }: TenantRecord,
  placement: Placement,
): Promise<Fix | undefined> {
  if (!(await bearsMarker(databases, id, placement))) return undefined;
  return {
    does: recording(slug, placement.name),
    act: () =>
      registry.transaction(({ ledger }) =>
        ledger.record({ tenantId: id, placement, state: "ready" }),
      ),
  };
}

async function bearsMarker(
  databases: TenantDatabases,
  tenantId: string,
  placement: Placement,
): Promise<boolean> {
  const found = await databases.manager(placement).inspect({ tenantId, placement });
  return found?.owner?.tenantId === tenantId && found.owner.generation === placement.generation;
}

/** Shared tables are everybody's, and no list has them for one tenant. */
function isOwn({ strategy }: Placement): boolean {
  return strategy !== "row";
}

function keyOf({ driver, server, name }: Placement): string {
  return JSON.stringify([driver, server, name]);
}

/** As the databases' own doctor names it. */
function subjectOf({ strategy, name }: Placement): string {
  return `${strategy} "${name}"`;
}
