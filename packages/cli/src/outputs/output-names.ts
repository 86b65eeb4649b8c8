/** Names of the schemas of what `--json` prints. */
export type OutputName =
  | "change"
  | "config"
  | "config-check"
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
