import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Tenancy } from "@af-tenancy/core";
import { inTime, type StartLimit } from "./in-time.ts";

/** Starts a tenancy, as long as that may take; throws what starting throws, or `StartTimeoutError`, which names the part that hangs. */
export async function startInTime(tenancy: Tenancy, limit: StartLimit | undefined): Promise<void> {
  let begun: string | undefined;
  const note = (message: unknown) => {
    const { event, component } = message as { readonly event: string; readonly component: string };
    begun = event === "begun" ? component : undefined;
  };
  subscribe(channel, note);
  try {
    await inTime("start", tenancy.start(), limit, () => begun);
  } finally {
    unsubscribe(channel, note);
  }
}

const channel = "af-tenancy:start";
