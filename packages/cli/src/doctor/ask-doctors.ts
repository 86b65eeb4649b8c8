import type { TenantDatabases, TenantRecord } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";
import type { Application } from "../config/application.ts";
import { factsOf } from "../report-error.ts";
import { fileFixOf } from "./file-fixes.ts";
import { type Finding, findingOf } from "./finding.ts";
import { type FleetPatient, fleetChecks } from "./fleet-checks.ts";
import { migrationsOf } from "./half-way.ts";

/** What the doctors are told. */
export interface Asking {
  readonly tenants: readonly TenantRecord[];
  /** How many processes of the application share the servers. */
  readonly instances: number;
  readonly recording: FleetPatient["recording"];
}

/** Asks the databases' doctor and compares the registry with what there is; what cannot be looked at is a finding, too. */
export async function askDoctors(
  session: Session,
  application: Application,
  { tenants, instances, recording }: Asking,
): Promise<readonly Finding[]> {
  const { databases, registry } = application;
  const findings: Finding[] = [];
  const attempt = async (subject: string, look: () => Promise<readonly Finding[]>) => {
    session.progress.tell(subject);
    try {
      findings.push(...(await look()));
    } catch (error) {
      findings.push(findingOf(unexamined, { subject, message: tellingOf(session, error) }));
    }
  };
  if (hasDoctor(databases)) {
    await attempt("databases", async () => {
      const found = await databases.doctor({ tenants, processes: instances });
      return found.map((finding) => {
        const fix = fileFixOf(finding);
        return { ...finding, ...(fix && { fix }) };
      });
    });
  }
  if (registry !== undefined && databases !== undefined) {
    const ofRegistry = await registry.transaction(async ({ ledger, operations }) => ({
      ledger: await ledger.list(),
      unfinished: await operations.unfinished(),
    }));
    const migrations = migrationsOf(application);
    const given = { registry, databases, tenants, migrations, recording };
    const patient: FleetPatient = { ...given, ...ofRegistry };
    for (const check of fleetChecks) {
      await attempt(check.id, async () =>
        (await check.look(patient)).map((symptom) => findingOf(check, symptom)),
      );
    }
  }
  return findings.toSorted((one, other) => rankOf(one) - rankOf(other));
}

/** Asks the databases' doctor for what is around tenants' databases: servers, folders, rights and limits. */
export async function askServers(databases: TenantDatabases): Promise<readonly Finding[]> {
  return hasDoctor(databases) ? databases.doctor({ tenants: [], processes: 1 }) : [];
}

/** The finding that there is nothing to look at, because the application does not start. */
export function notStarted(session: Session, error: unknown): Finding {
  const { code } = factsOf(error, session.catalogue);
  return findingOf(stopped, { subject: code, message: tellingOf(session, error) });
}

const stopped = Object.freeze({
  id: "fleet/not-started",
  severity: "error",
  remedy: "Mend what the message says, then ask again: nothing else was looked at.",
});

const unexamined = Object.freeze({
  id: "fleet/unexamined",
  severity: "error",
  remedy: "Mend what the message says, then ask again: this was not looked at, and may be wrong.",
});

interface WithDoctor {
  doctor(options: {
    readonly tenants: readonly TenantRecord[];
    readonly processes: number;
  }): Promise<readonly Finding[]>;
}

/** Databases of another make may have none. */
function hasDoctor<T>(databases: T): databases is T & WithDoctor {
  return typeof (databases as Partial<WithDoctor> | undefined)?.doctor === "function";
}

function tellingOf({ catalogue }: Session, error: unknown): string {
  const { message, causes } = factsOf(error, catalogue);
  return [message, ...causes].join(" Cause: ");
}

function rankOf({ severity }: Finding): number {
  return severity === "error" ? 0 : 1;
}
