// Tenants and operations
export { reservedNames } from "./allowed-names.ts";
export type { CreationSteps } from "./creation-options.ts";
export type { IdGenerator, IdSource } from "./ids/id-generator.ts";
export { hexIds, integerIds, stringIds, uuidV4Ids } from "./ids/random-ids.ts";
export { type SequenceIdOptions, sequenceIds } from "./ids/sequence-ids.ts";
export { ulidIds, uuidV7Ids } from "./ids/sortable-ids.ts";
export { onlyPending, withoutPending, withPending } from "./pending/pending-filter.ts";
export type { PendingOptions, PendingSteps } from "./pending/pending-options.ts";
export { provisioning } from "./provisioning.ts";
export type { ProvisioningOptions } from "./provisioning-options.ts";
export type { RetentionOptions } from "./retention-options.ts";
