/** Names of the schemas of what `--json` prints. */
export type OutputName =
  | "change"
  | "doctor"
  | "domains"
  | "export"
  | "fleet"
  | "import"
  | "purge"
  | "status"
  | "stock"
  | "tenant"
  | "tenants"
  | "verify";
