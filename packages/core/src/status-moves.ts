import type { TenantStatus } from "./contracts/tenant.ts";
import { IllegalMoveError } from "./errors/life-errors.ts";

/** What moves a tenant from one status to another: calls of `tenancy.tenants`, and operations. */
export type StatusMove =
  | "activate"
  | "deactivate"
  | "suspend"
  | "resume"
  | "block"
  | "unblock"
  | "archive"
  | "unarchive"
  | "delete"
  | "restore"
  | "create"
  | "repair"
  | "claim"
  | "purge";

/** Which statuses a tenant can go to from one, and what moves it there. */
export type MovesFrom = Readonly<Partial<Record<TenantStatus, StatusMove>>>;

/**
 * Every allowed move: from a status, to another one, by a call or an operation. What is not here is refused. A status
 * to which several moves of one name lead back is the one the tenant had before.
 */
export const statusMoves: Readonly<Record<TenantStatus, MovesFrom>> = Object.freeze({
  provisioning: { active: "create", pending: "create", failed: "create", deleting: "purge" },
  failed: { provisioning: "repair", deleting: "purge" },
  pending: { active: "claim", deleting: "purge" },
  active: {
    inactive: "deactivate",
    suspended: "suspend",
    blocked: "block",
    archived: "archive",
    deleted: "delete",
    deleting: "purge",
  },
  inactive: {
    active: "activate",
    blocked: "block",
    archived: "archive",
    deleted: "delete",
    deleting: "purge",
  },
  suspended: {
    active: "resume",
    blocked: "block",
    archived: "archive",
    deleted: "delete",
    deleting: "purge",
  },
  blocked: {
    active: "unblock",
    inactive: "unblock",
    suspended: "unblock",
    deleted: "delete",
    deleting: "purge",
  },
  archived: {
    active: "unarchive",
    inactive: "unarchive",
    suspended: "unarchive",
    deleted: "delete",
    deleting: "purge",
  },
  deleted: {
    active: "restore",
    inactive: "restore",
    suspended: "restore",
    blocked: "restore",
    archived: "restore",
    deleting: "purge",
  },
  deleting: {},
} as const satisfies Record<TenantStatus, MovesFrom>);

/**
 * Throws `IllegalMoveError` unless the table lets `move` take the tenant to the status.
 *
 * @example checkMove(tenant, "purge", "deleting");
 */
export function checkMove(
  tenant: { readonly id: string; readonly status: TenantStatus },
  move: StatusMove,
  to: TenantStatus,
): void {
  const moves = statusMoves[tenant.status];
  if (moves[to] !== move)
    throw new IllegalMoveError(tenant, move, [...new Set(Object.values(moves))]);
}
