/** Names of the schemas of what `--json` prints. */
export type OutputName = "change" | "purge" | "status" | "tenant" | "tenants";
