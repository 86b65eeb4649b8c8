import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Catalogue } from "../messages/catalogue.ts";
import type { FleetOutput } from "../outputs/fleet-output.ts";
import { factsOf } from "../report-error.ts";

/** What happened for a tenant, in order. */
export type DebugStep = NonNullable<FleetOutput["tenants"][number]["steps"]>[number];

/** Watches a tenant's turn until `end`, which gives what happened in it. */
export interface Watch {
  /** Tells of an error with everything that caused it. */
  failed(error: unknown): void;
  end(): readonly DebugStep[];
}

/** Begins to watch what the diagnostics channels tell of a tenant; no values are in them. */
export function watchTenant(tenantId: string, catalogue: Catalogue): Watch {
  const begun = performance.now();
  const { heapUsed } = process.memoryUsage();
  const steps: DebugStep[] = [];
  const open: DebugStep[] = [];

  function add(kind: string, name: string, { milliseconds = null, error }: Told): DebugStep {
    const step: DebugStep = {
      at: tenths(performance.now() - begun),
      ...{ kind, name, milliseconds: milliseconds === null ? null : tenths(milliseconds) },
      heapBytes: process.memoryUsage().heapUsed - heapUsed,
      error: error === undefined ? null : shortOf(error, kind, catalogue),
    };
    steps.push(step);
    return step;
  }

  function hear(kind: string, message: object): void {
    const told = message as Told;
    if (told.tenantId !== tenantId) return;
    const { event, bootstrapper, value } = told;
    const part = bootstrapper ?? value;
    if (part === undefined) add(kind, nameOf(told), told);
    else if (event === "begun") open.push(add(kind, part, {}));
    else {
      const index = open.findLastIndex((one) => one.kind === kind && one.name === part);
      const [step] = index === -1 ? [] : open.splice(index, 1);
      if (step) step.milliseconds = tenths(performance.now() - begun - step.at);
    }
  }

  const listeners = channels.map((kind) => {
    const listener = (message: unknown) => hear(kind, Object(message));
    subscribe(`af-tenancy:${kind}`, listener);
    return () => unsubscribe(`af-tenancy:${kind}`, listener);
  });
  return {
    failed(error) {
      add("error", factsOf(error, catalogue).code, { error });
      for (const cause of factsOf(error, catalogue).causes) add("cause", cause, {});
    },
    end() {
      for (const stop of listeners) stop();
      return steps;
    },
  };
}

/** Those that tell of one tenant. */
const channels = Object.freeze([
  ...(["lifecycle", "bootstrapper", "value", "lease", "connection", "connection-leak"] as const),
  ...(["query", "cache", "operation", "unscoped", "ended-access", "failure"] as const),
]);

/** What messages of the channels have in them, as far as it is of use. */
interface Told {
  readonly tenantId?: string | null;
  readonly event?: string;
  readonly bootstrapper?: string;
  readonly value?: string;
  readonly layer?: string;
  readonly server?: string;
  /** What a statement does, without values. */
  readonly statement?: string;
  readonly reason?: string;
  readonly step?: string;
  readonly milliseconds?: number | null;
  readonly error?: unknown;
}

function nameOf({ event, layer, server, step, reason, statement }: Told): string {
  if (statement !== undefined) return statement;
  return [event, layer, server, step, reason].filter((part) => part !== undefined).join(" ");
}

function shortOf(error: unknown, kind: string, catalogue: Catalogue): DebugStep["error"] {
  const { code, message } = factsOf(error, catalogue);
  // As of the statement: what a database says of it may have a row's value in it.
  return { code, message: kind === "query" ? message.replace(/["'`(\d].*$/s, "…") : message };
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
