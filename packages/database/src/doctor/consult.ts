import { outsideTenancy } from "@af-tenancy/core";
import type { TenantDriver } from "../tenants/tenant-driver.ts";
import type { DoctorOptions } from "./doctor-options.ts";
import { type Examined, examination } from "./examination.ts";
import type { Finding } from "./finding.ts";

/** Asks a driver for what is wrong, errors first; throws `ConfigurationError`. */
export function consult(
  driver: TenantDriver,
  options: DoctorOptions = {},
  examined: Examined,
): Promise<readonly Finding[]> {
  return outsideTenancy(async () => {
    const subjects = await examination(driver.manager.driver, options, examined);
    const findings = (await driver.doctor?.(subjects)) ?? [];
    return findings.toSorted((one, other) => rankOf(one) - rankOf(other));
  });
}

function rankOf({ severity }: Finding): number {
  return severity === "error" ? 0 : 1;
}
