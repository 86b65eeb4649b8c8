import type { ZodType } from "zod";
import { changeOutput, purgeOutput } from "./change-output.ts";
import type { OutputName } from "./output-names.ts";
import { listOutput, showOutput, statusOutput } from "./read-outputs.ts";

/** The schemas of what commands print with `--json`, by the names that the reference gives them. */
export const outputs: Readonly<Record<OutputName, ZodType>> = Object.freeze({
  change: changeOutput,
  purge: purgeOutput,
  status: statusOutput,
  tenant: showOutput,
  tenants: listOutput,
});
