import { type Channel, channel } from "node:diagnostics_channel";

/** Connections and their leases: `{ event, server, tenantId, name, ... }`. */
export const connectionChannel: Channel = channel("af-tenancy:connection");

/** Leases that were kept too long: `{ tenantId, server, name, milliseconds, stack }`. */
export const leakChannel: Channel = channel("af-tenancy:connection-leak");

/** Where the caller stands, while somebody listens for leaks. */
export function borrowerStack(): string | undefined {
  return leakChannel.hasSubscribers
    ? new Error("The connection was borrowed here").stack
    : undefined;
}
