import { randomBytes } from "node:crypto";
import {
  bypassPurpose,
  ConfigurationError,
  type TenancyHost,
  type TenantDatabases,
} from "@af-tenancy/core";
import { adoption } from "./adoption.ts";
import { reservedNames } from "./allowed-names.ts";
import { cloning } from "./cloning.ts";
import { creation } from "./creation.ts";
import type { CreationSteps } from "./creation-options.ts";
import { uuidV7Ids } from "./ids/sortable-ids.ts";
import { poolCreation } from "./pending/pool-creation.ts";
import type { ProvisioningOptions } from "./provisioning-options.ts";
import { purging } from "./purging.ts";
import { requireSeeding } from "./seeding/require-seeding.ts";
import type { Workplace } from "./workplace.ts";

/** Makes what provisioning works with from its options and the tenancy that it belongs to. */
export function makeWorkplace(
  host: TenancyHost,
  options: ProvisioningOptions,
  closing: AbortSignal,
): Workplace {
  const { registry, databases, events, clock, central } = host;
  const { operations = [], leaseMs = 10_000, retryMs = 5_000, maxPurge = 100 } = options;
  const {
    creation: steps = {},
    purging: purgingSteps = [],
    pending = {},
    retention = {},
  } = options;
  const { generateId = uuidV7Ids(), owner = nonce() } = options;
  const { reserved = reservedNames, mixedScripts = false } = options;
  checkSeeders(databases, steps.seeders);
  const own = [
    creation(databases, steps),
    poolCreation(databases, steps, pending.steps),
    adoption(steps),
    cloning(databases, steps),
    purging(events, purgingSteps),
  ];
  const kinds = [...own, ...operations];
  const next = (sequence: string) =>
    registry.transaction(({ sequences }) => sequences.next(sequence));
  return {
    registry,
    databases,
    events,
    clock,
    central,
    reserved: new Set(reserved),
    mixedScripts,
    kinds: new Map(kinds.map((kind) => [kind.kind, kind])),
    leaseMs,
    retryMs,
    maxPurge,
    retention,
    pending,
    keys: () => host.keys(bypassPurpose),
    actor: () => host.origin.actor,
    origin: () => host.origin,
    generateId: () => generateId({ next }),
    nextOwner: () => `${owner}#${nonce()}`,
    random: Math.random,
    closing,
    stopped: new Map(),
    foreign: new Set(),
  };
}

/** Throws `ConfigurationError` where a creation names seeders that there are not. */
function checkSeeders(databases: TenantDatabases, seeders: CreationSteps["seeders"]): void {
  if (seeders === undefined) return;
  const { names } = requireSeeding(databases);
  const unknown = seeders === true ? undefined : seeders.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const remedy = `name some of ${names.join(", ")}.`;
  throw new ConfigurationError("provisioning.creation.seeders", `with "${unknown}"`, remedy);
}

function nonce(): string {
  return randomBytes(9).toString("base64url");
}
