import { outsideTenancy } from "@af-tenancy/core";
import type { TenantDriver } from "../tenants/tenant-driver.ts";
import { databaseChecks, subjectOf } from "./database-checks.ts";
import type { DoctorOptions } from "./doctor-options.ts";
import { type Examination, type Examined, examination } from "./examination.ts";
import { examine } from "./examine.ts";
import type { Finding } from "./finding.ts";
import { missingTable, type TablesPatient } from "./missing-table.ts";

/** Asks a driver for what is wrong, errors first; throws `ConfigurationError` or `InvalidInputError`. */
export function consult(
  driver: TenantDriver,
  options: DoctorOptions = {},
  examined: Examined,
): Promise<readonly Finding[]> {
  return outsideTenancy(async () => {
    const subjects = await examination(driver.manager.driver, options, examined);
    const around = (await driver.doctor?.(subjects)) ?? [];
    const findings = [...around, ...(await inside(subjects, examined, around))];
    return findings.toSorted((one, other) => rankOf(one) - rankOf(other));
  });
}

/** Looks into the databases that are there and their tenants' own, each server for itself: one may be down. */
async function inside(
  { finished }: Examination,
  { migrations }: Examined,
  around: readonly Finding[],
): Promise<readonly Finding[]> {
  if (migrations === undefined) return [];
  const lost = around.filter(({ check }) => databaseChecks.some(({ id }) => id === check));
  const subjects = new Set(lost.map(({ subject }) => subject));
  const present = finished.filter((database) => !subjects.has(subjectOf(database)));
  const findings: Finding[] = [];
  for (const server of new Set(present.map(({ placement }) => placement.server))) {
    const patient: TablesPatient = {
      databases: present.filter(({ placement }) => placement.server === server),
      ownTablesIn: (database) => migrations.ownTablesIn(database),
    };
    findings.push(...(await examine(patient, [missingTable])));
  }
  return findings;
}

function rankOf({ severity }: Finding): number {
  return severity === "error" ? 0 : 1;
}
