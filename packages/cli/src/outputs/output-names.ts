/** Names of the schemas of what `--json` prints. */
export type OutputName =
  | "cache"
  | "change"
  | "config"
  | "config-check"
  | "doctor"
  | "domains"
  | "export"
  | "fleet"
  | "import"
  | "pools"
  | "purge"
  | "status"
  | "stock"
  | "tenant"
  | "tenants"
  | "verify"
  | "warm";
