import type { DatabaseOwner, DatabaseState, TenantDatabase } from "@af-tenancy/core";
import type { DoctorCheck } from "./doctor-check.ts";

/** What these checks have to know of a server. */
export interface DatabasesPatient {
  /** Databases and schemas of tenants that are past being made and not being dropped. */
  readonly finished: readonly TenantDatabase[];
  /** Looks at one; `undefined` when it is not there. */
  inspect(database: TenantDatabase): Promise<DatabaseState | undefined>;
}

/** A tenant's database or schema was dropped behind the application's back. */
const missingDatabase: DoctorCheck<DatabasesPatient> = {
  id: "doctor/missing-database",
  severity: "error",
  remedy: "Restore it from its backup under the name that the subject says.",

  async look({ finished, inspect }) {
    const symptoms = [];
    for (const database of finished) {
      if ((await inspect(database)) !== undefined) continue;
      const message = `It is not there, and tenant "${database.tenantId}" is placed in it.`;
      symptoms.push({ subject: subjectOf(database), message });
    }
    return symptoms;
  },
};

/** Under its name stands another tenant's, an older one, or one of which nobody knows whose it is. */
const foreignDatabase: DoctorCheck<DatabasesPatient> = {
  id: "doctor/foreign-database",
  severity: "error",
  remedy:
    "Find out who restored or renamed it, and put back the tenant's own; do not change the marker.",

  async look({ finished, inspect }) {
    const symptoms = [];
    for (const database of finished) {
      const state = await inspect(database);
      if (state === undefined || isOwner(database, state.owner)) continue;
      const { tenantId, placement } = database;
      const owner = `tenant "${tenantId}", generation ${placement.generation}`;
      const message = `It is to be of ${owner}, and its marker names ${described(state.owner)}.`;
      symptoms.push({ subject: subjectOf(database), message });
    }
    return symptoms;
  },
};

/** Look for tenants whose database or schema is not there, or is not theirs. */
export const databaseChecks: readonly DoctorCheck<DatabasesPatient>[] = Object.freeze([
  missingDatabase,
  foreignDatabase,
]);

/** Looks at each database once, however many checks ask. */
export function inspectingOnce(inspect: DatabasesPatient["inspect"]): DatabasesPatient["inspect"] {
  const states = new Map<TenantDatabase, Promise<DatabaseState | undefined>>();
  return (database) => {
    const state = states.get(database) ?? inspect(database);
    states.set(database, state);
    return state;
  };
}

function isOwner({ tenantId, placement }: TenantDatabase, owner: DatabaseOwner | undefined) {
  return owner?.tenantId === tenantId && owner.generation === placement.generation;
}

function described(owner: DatabaseOwner | undefined): string {
  if (owner === undefined) return "nobody";
  return `tenant "${owner.tenantId}", generation ${owner.generation}`;
}

/** How a tenant's database or schema is named in findings. */
export function subjectOf({ placement: { strategy, name } }: TenantDatabase): string {
  return `${strategy} "${name}"`;
}
