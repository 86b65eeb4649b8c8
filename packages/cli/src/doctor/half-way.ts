import { DatabaseNotReadyError, type FleetMigrations, type TenantRecord } from "@af-tenancy/core";
import type { Application } from "../config/application.ts";
import { stillLacking } from "../migrations/still-lacking.ts";

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
  return { registry, fleet: tenancy.tenants.migrations, list };
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
  fleet,
  ...schemas
}: NonNullable<ReturnType<typeof migrationsOf>>): Promise<readonly HalfWay[]> {
  const found: HalfWay[] = [];
  const newer: string[] = [];
  for (const plan of await fleet.plans(few)) {
    const { id } = plan;
    const left = { plan, newer, states: ["failed", "quarantined"] } as const;
    const lacking = await stillLacking(schemas, left);
    const behind = lacking.filter((one) => schemas.list.isBehind(one)).map(({ slug }) => slug);
    newer.push(id);
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
