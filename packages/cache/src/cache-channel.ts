import { type Channel, channel } from "node:diagnostics_channel";

/** What the layers behind the store do: `{ event, layer, by, tenantId, milliseconds }`, `{ event, tenantId, sequence }`. */
export const cacheChannel: Channel = channel("af-tenancy:cache");
