import { type Channel, channel } from "node:diagnostics_channel";

/** Every use of `unscoped()`: `{ tenantId, reason }`. */
export const unscopedChannel: Channel = channel("af-tenancy:unscoped");
