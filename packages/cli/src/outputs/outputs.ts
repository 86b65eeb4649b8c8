import type { ZodType } from "zod";
import { cacheOutput, warmOutput } from "./cache-output.ts";
import { changeOutput, purgeOutput } from "./change-output.ts";
import { configCheckOutput, configShowOutput } from "./config-output.ts";
import { doctorOutput } from "./doctor-output.ts";
import { fleetOutput, stockOutput } from "./fleet-output.ts";
import { healthOutput } from "./health-output.ts";
import { installOutput } from "./install-output.ts";
import { isolationOutput } from "./isolation-output.ts";
import { fileOutput, migrationOutput, schemasOutput } from "./migration-output.ts";

import type { OutputName } from "./output-names.ts";
import { poolOutput } from "./pool-output.ts";
import { domainsOutput, listOutput, showOutput, statusOutput } from "./read-outputs.ts";
import { repairOutput } from "./repair-output.ts";
import { seedersOutput, seedingOutput } from "./seeding-output.ts";
import { templatesOutput } from "./template-output.ts";
import { exportOutput, importOutput } from "./transfer-output.ts";
import { verifyOutput } from "./verify-output.ts";

/** The schemas of what commands print with `--json`, by the names that the reference gives them. */
export const outputs: Readonly<Record<OutputName, ZodType>> = Object.freeze({
  cache: cacheOutput,
  change: changeOutput,
  config: configShowOutput,
  "config-check": configCheckOutput,
  doctor: doctorOutput,
  domains: domainsOutput,
  export: exportOutput,
  file: fileOutput,
  fleet: fleetOutput,
  health: healthOutput,
  import: importOutput,
  install: installOutput,
  pools: poolOutput,
  isolation: isolationOutput,
  migration: migrationOutput,
  purge: purgeOutput,
  repair: repairOutput,
  schemas: schemasOutput,
  seeders: seedersOutput,
  seeding: seedingOutput,
  status: statusOutput,
  stock: stockOutput,
  templates: templatesOutput,
  tenant: showOutput,
  tenants: listOutput,
  verify: verifyOutput,
  warm: warmOutput,
});
