import type { Catalogue, SharedFlag } from "../messages/catalogue.ts";
import type { Command } from "./define-command.ts";
import { choice, duration, type Flag, on, tenantList, text, whole } from "./flags.ts";

/** Flags that a command has beside its own, by what kind of command it is. */
export function sharedFlagsOf({ kind, output }: Command): Readonly<Record<string, Flag<unknown>>> {
  return {
    config: text("FILE"),
    ...(output && { json: on(), quiet: on("q") }),
    ...(kind === "reads" ? {} : { dryRun: on("n") }),
    ...(kind === "destroys" && { yes: on("y") }),
    lang: choice(["en", "de"]),
  };
}

/** What a shared flag is for. */
export function sharedText(catalogue: Catalogue, name: string): string {
  return catalogue.flags[name as SharedFlag];
}

/** Which tenants a command of the fleet takes; its texts are shared. */
export const selectionFlags = Object.freeze({
  tenants: tenantList(),
  skipTenants: tenantList(),
  withPending: on(),
});

/** How a command of the fleet goes through its tenants; its texts are shared. */
export const fleetFlags = Object.freeze({
  ...selectionFlags,
  processes: whole("NUMBER", 1),
  skipFailing: on(),
});

/** In what order a plan migrates its tenants, and how each; its texts are shared. */
export const planFlags = Object.freeze({
  canary: tenantList(),
  waveSize: whole("NUMBER", 1),
  timeout: duration("TIME"),
  lockTimeout: duration("TIME"),
  maintenance: text("MESSAGE"),
});

/** How a tenant is moved; its text is shared. */
export const reasonFlag = Object.freeze({ reason: text("TEXT") });

/** How long what is decided does not bite yet. */
export const graceFlag = Object.freeze({ grace: duration("TIME") });
