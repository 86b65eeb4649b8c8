import type { ZodType } from "zod";
import { changeOutput, purgeOutput } from "./change-output.ts";
import { configCheckOutput, configShowOutput } from "./config-output.ts";
import { doctorOutput } from "./doctor-output.ts";
import { fleetOutput, stockOutput } from "./fleet-output.ts";
import type { OutputName } from "./output-names.ts";
import { domainsOutput, listOutput, showOutput, statusOutput } from "./read-outputs.ts";
import { exportOutput, importOutput } from "./transfer-output.ts";
import { verifyOutput } from "./verify-output.ts";

/** The schemas of what commands print with `--json`, by the names that the reference gives them. */
export const outputs: Readonly<Record<OutputName, ZodType>> = Object.freeze({
  change: changeOutput,
  config: configShowOutput,
  "config-check": configCheckOutput,
  doctor: doctorOutput,
  domains: domainsOutput,
  export: exportOutput,
  fleet: fleetOutput,
  import: importOutput,
  purge: purgeOutput,
  status: statusOutput,
  stock: stockOutput,
  tenant: showOutput,
  tenants: listOutput,
  verify: verifyOutput,
});
