import { DatabaseNotReadyError, type FleetMigrations, type TenantRecord } from "@af-tenancy/core";
import type { Application } from "../config/application.ts";

/** Something that was left half-way, and the command that goes on with it. */
export interface HalfWay {
  readonly subject: string;
  readonly message: string;
  readonly command: string;
}

/** What is asked about schemas; `undefined` where they are made from entities alone. */
export function migrationsOf({ tenancy, databases, registry }: Application) {
  const list = databases?.migrations;
  if (list === undefined || registry === undefined) return undefined;
  return { store: tenancy.store, fleet: tenancy.tenants.migrations, list };
}

/** Gives the tenants whose latest migration was cut off; whose database is not there is found by others. */
export async function dirtySchemas(
  fleet: FleetMigrations,
  tenants: readonly TenantRecord[],
): Promise<readonly HalfWay[]> {
  const found: HalfWay[] = [];
  for (const tenant of tenants) {
    if (tenant.placement === undefined) continue;
    const dirty = await fleet.status(tenant).then(
      (status) => status.dirty,
      (error: unknown) => {
        if (error instanceof DatabaseNotReadyError) return undefined;
        throw error;
      },
    );
    if (dirty === undefined) continue;
    found.push({
      subject: `tenant "${tenant.slug}"`,
      message: `Its migration "${dirty}" was cut off half-way, and nothing migrates it until you say what became of it.`,
      command: `af-tenancy migrate resolve ${tenant.slug} ${dirty}`,
    });
  }
  return found;
}

/** Gives the latest plans in which tenants failed that lack what they were to get to this day. */
export async function unfinishedPlans({
  store,
  fleet,
  list,
}: NonNullable<ReturnType<typeof migrationsOf>>): Promise<readonly HalfWay[]> {
  const found: HalfWay[] = [];
  const told = new Set<string>();
  for (const { id } of await fleet.plans(few)) {
    const { left } = await fleet.report(id);
    const failed = left.filter(({ state }) => state === "failed" || state === "quarantined");
    const ids = failed.map(({ tenantId }) => tenantId).filter((one) => !told.has(one));
    const behind: string[] = [];
    for (let from = 0; from < ids.length; from += atATime) {
      for await (const tenant of store.list({ ids: ids.slice(from, from + atATime) })) {
        told.add(tenant.id);
        if (list.isBehind(tenant)) behind.push(tenant.slug);
      }
    }
    if (behind.length === 0) continue;
    found.push({
      subject: `plan "${id}"`,
      message: `Tenants that it left behind: ${behind.length} (${behind.slice(0, few).join(", ")}${behind.length > few ? ", …" : ""}).`,
      command: `af-tenancy migrate resume ${id} --release`,
    });
  }
  return found;
}

/** How many plans are looked at, as `migrate status` does, and how many tenants a message names. */
const few = 5;

const atATime = 500;
