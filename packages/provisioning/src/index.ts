// Tenants and operations
export type { CreationSteps } from "./creation-options.ts";
export { provisioning } from "./provisioning.ts";
export type { ProvisioningOptions } from "./provisioning-options.ts";
