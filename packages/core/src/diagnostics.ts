import { type Channel, channel } from "node:diagnostics_channel";

/** Each part of a tenancy that is started: `{ event: "begun" | "done", component }`. */
export const startChannel: Channel = channel("af-tenancy:start");

/** Every step in a scope's life: `{ event, tenantId, origin }`. */
export const lifecycleChannel: Channel = channel("af-tenancy:lifecycle");

/** Each bootstrapper of a tenant that is entered: `{ event: "begun" | "done", bootstrapper, tenantId }`. */
export const bootstrapperChannel: Channel = channel("af-tenancy:bootstrapper");

/** Each value that is made because somebody asked: `{ event: "begun" | "made", value, tenantId }`. */
export const valueChannel: Channel = channel("af-tenancy:value");

/** Every identified request: `{ request, tenantId }`, `tenantId` is `null` for the central side. */
export const resolutionChannel: Channel = channel("af-tenancy:resolution");

/** Every refused request: `{ request, error, tenantId }`; `tenantId` is `null` where nobody known is refused. */
export const denialChannel: Channel = channel("af-tenancy:denial");

/** Every lease and its end: `{ event: "taken" | "released" | "destroyed", tenantId, origin }`. */
export const leaseChannel: Channel = channel("af-tenancy:lease");

/** Every step of an operation: the `operationProgress` event. */
export const operationChannel: Channel = channel("af-tenancy:operation");

/** Use of an ended scope: `{ tenantId, origin, opened }`; while subscribed, scopes remember the stack that opened them. */
export const endedAccessChannel: Channel = channel("af-tenancy:ended-access");

/** What failed and no caller will see: the `failure` event. */
export const failureChannel: Channel = channel("af-tenancy:failure");
