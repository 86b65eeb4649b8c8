// Tenants and operations
export { provisioning } from "./provisioning.ts";
export type { ProvisioningOptions } from "./provisioning-options.ts";
