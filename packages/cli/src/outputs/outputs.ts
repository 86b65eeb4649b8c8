import type { ZodType } from "zod";
import { changeOutput, purgeOutput } from "./change-output.ts";
import { doctorOutput } from "./doctor-output.ts";
import { fleetOutput, stockOutput } from "./fleet-output.ts";
import type { OutputName } from "./output-names.ts";
import { domainsOutput, listOutput, showOutput, statusOutput } from "./read-outputs.ts";

/** The schemas of what commands print with `--json`, by the names that the reference gives them. */
export const outputs: Readonly<Record<OutputName, ZodType>> = Object.freeze({
  change: changeOutput,
  doctor: doctorOutput,
  domains: domainsOutput,
  fleet: fleetOutput,
  purge: purgeOutput,
  status: statusOutput,
  stock: stockOutput,
  tenant: showOutput,
  tenants: listOutput,
});
