import type { StatusMove, TenantRecord, TenantStatus } from "@af-tenancy/core";

/** A call that does something with a tenant, as it is typed, and the status that the tenant has then. */
export interface CommandFor {
  readonly command: string;
  readonly to: TenantStatus | "purged";
}

/** A move that is allowed now, and where it leads. */
export interface AllowedMove {
  readonly move: StatusMove;
  readonly to: TenantStatus;
}

/** Tells the commands that do something with a tenant at the moment `now`, of which `moves` are allowed. */
export function commandsFor(
  { slug, status, graceUntil }: TenantRecord,
  moves: readonly AllowedMove[],
  now: number,
): readonly CommandFor[] {
  const isOver = status === "deleted" && graceUntil != null && graceUntil <= now;
  const unfinished = left[status];
  return [
    ...(unfinished === undefined ? [] : [{ command: "af-tenancy repair", to: unfinished }]),
    ...(isOver ? [] : moves.flatMap((allowed) => commandOf(slug, allowed))),
    { command: `af-tenancy tenant purge ${slug}${isOver ? "" : " --skip-grace"}`, to: "purged" },
  ];
}

/** `activate` makes as many moves as lead to an active tenant. */
function commandOf(slug: string, { move, to }: AllowedMove): readonly CommandFor[] {
  const verb = verbs[move];
  if (verb === undefined) return [];
  return [
    { command: `af-tenancy tenant ${verb} ${slug}`, to: verb === "activate" ? "active" : to },
  ];
}

const verbs: Readonly<Partial<Record<StatusMove, string>>> = Object.freeze({
  ...{ activate: "activate", resume: "activate", unblock: "activate", unarchive: "activate" },
  ...{ suspend: "suspend", archive: "archive", delete: "delete", restore: "restore" },
});

/** Statuses of an operation that is not through, and what `repair` makes of it. */
const left: Readonly<Partial<Record<TenantStatus, CommandFor["to"]>>> = Object.freeze({
  provisioning: "active",
  failed: "active",
  deleting: "purged",
});
