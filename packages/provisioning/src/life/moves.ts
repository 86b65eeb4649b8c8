import {
  RestoreTooLateError,
  type StatusMove,
  statusMoves,
  type TenantChanges,
  type TenantRecord,
  type TenantStatus,
} from "@af-tenancy/core";
import type { Move, MoveWish } from "./move.ts";

/** The moves that are calls of `tenancy.tenants`. */
export const moves = {
  activate: served("activate", "activated"),
  resume: served("resume", "resumed"),
  deactivate: {
    name: "deactivate",
    did: "deactivated",
    to: () => "inactive",
    changes: () => nothingLeft,
  },
  suspend: {
    name: "suspend",
    did: "suspended",
    to: () => "suspended",
    changes: (_tenant, { graceUntil, since }, now) => ({
      ...nothingLeft,
      suspendedAt: since ?? now,
      graceUntil,
      formerStatus: since === undefined ? undefined : "active",
    }),
    again: (tenant, wish) => {
      const changes = { ...sooner(tenant, wish), ...(isByExpiry(tenant) && ordered) };
      return Object.keys(changes).length > 0 ? changes : undefined;
    },
  },
  block: aside("block", "blocked"),
  unblock: back("unblock", "unblocked"),
  archive: aside("archive", "archived"),
  unarchive: back("unarchive", "unarchived"),
  delete: {
    name: "delete",
    did: "deleted",
    to: () => "deleted",
    changes: ({ status }, { graceUntil }, now) => ({
      deletedAt: now,
      graceUntil,
      formerStatus: status,
    }),
    again: sooner,
  },
  restore: back("restore", "restored"),
} as const satisfies Partial<Record<StatusMove, Move>>;

/** Tells whether a tenant is suspended because it expired, and on nobody's word: only then it comes back by itself. */
export function isByExpiry({ status, formerStatus }: TenantRecord): boolean {
  return status === "suspended" && formerStatus !== undefined;
}

/** Makes the suspension of an expired tenant one that somebody ordered. */
const ordered: TenantChanges = Object.freeze({ formerStatus: undefined });

/** Every date of a life that is over. */
const nothingLeft: TenantChanges = Object.freeze({
  suspendedAt: undefined,
  deletedAt: undefined,
  graceUntil: undefined,
  formerStatus: undefined,
});

function served(name: StatusMove, did: string): Move {
  return { name, did, to: () => "active", changes: () => nothingLeft };
}

/** Keeps what the tenant was, so that it can be that again. */
function aside(name: StatusMove, status: "blocked" | "archived"): Move {
  return {
    name,
    did: status,
    to: () => status,
    changes: ({ status: formerStatus }) => ({ formerStatus, graceUntil: undefined }),
  };
}

/** Gives back what the tenant was; where that is not known it is not served. */
function back(name: StatusMove, did: string): Move {
  const to = ({ status, formerStatus: former }: TenantRecord): TenantStatus =>
    former !== undefined && statusMoves[status][former] === name ? former : "inactive";
  return {
    name,
    did,
    to,
    changes(tenant, _wish, now) {
      const { id, status, graceUntil, suspendedAt } = tenant;
      if (status === "deleted" && graceUntil !== undefined && graceUntil <= now) {
        throw new RestoreTooLateError(id, graceUntil);
      }
      const isFree = ["active", "inactive"].includes(to(tenant));
      return { ...nothingLeft, suspendedAt: isFree ? undefined : suspendedAt };
    },
  };
}

/** A grace that runs already can only end earlier, so that a repeated call never prolongs it. */
function sooner(
  { graceUntil: running }: TenantRecord,
  { graceUntil }: MoveWish,
): TenantChanges | undefined {
  if (running === undefined || (graceUntil !== undefined && graceUntil >= running))
    return undefined;
  return { graceUntil };
}
