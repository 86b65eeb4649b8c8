/** Names of the schemas of what `--json` prints. */
export type OutputName =
  | "change"
  | "doctor"
  | "domains"
  | "fleet"
  | "purge"
  | "status"
  | "stock"
  | "tenant"
  | "tenants";
