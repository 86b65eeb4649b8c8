import { isDeepStrictEqual } from "node:util";
import {
  type JsonValue,
  type Maintenance,
  type MoveOptions,
  type NewMaintenance,
  type TenantAccess,
  type TenantLike,
  TenantNotFoundError,
  type TenantRecord,
} from "@af-tenancy/core";
import { refuse } from "../refuse.ts";
import type { Workplace } from "../workplace.ts";
import { type ChangedTenant, changeLife, type LifeChange } from "./change-life.ts";
import { checkedMaintenance, isTime } from "./checked-maintenance.ts";
import { checkedReason } from "./life-options.ts";
import { moved } from "./move-tenant.ts";
import { isByExpiry, moves } from "./moves.ts";

/** Sets when a tenant expires, and ends a suspension that its expiry had brought about. */
export async function setExpiry(
  workplace: Workplace,
  tenant: TenantLike,
  expiresAt: number | undefined,
  options?: MoveOptions,
): Promise<TenantRecord> {
  if (expiresAt !== undefined && !isTime(expiresAt)) {
    refuse("expiresAt", expiresAt, "use whole milliseconds since 1970, or undefined");
  }
  const { clock, events } = workplace;
  const { before, after } = await setCondition(workplace, tenant, options, async (present) => {
    if (present.expiresAt === expiresAt) return undefined;
    const act = { type: "tenant.expiry-set", details: { expiresAt: expiresAt ?? null } };
    if (!isByExpiry(present)) return { changes: { expiresAt }, acts: [act] };
    const isOver = expiresAt !== undefined && expiresAt <= clock.now();
    if (isOver) return { changes: { expiresAt, suspendedAt: expiresAt }, acts: [act] };
    await events.emit("statusChanging", {
      ...{ vetoable: true, tenant: present, move: "resume", to: "active" },
    });
    const changes = {
      ...moves.resume.changes(present, {}, clock.now()),
      status: "active",
    } as const;
    return {
      changes: { ...changes, expiresAt },
      acts: [act, moved(moves.resume, present.status, "active", changes)],
    };
  });
  if (before.status !== after.status) {
    await events.emit("statusChanged", { tenant: after, move: "resume", from: before.status });
  }
  return after;
}

/** Sets what a tenant's database may be used for. */
export async function setAccess(
  workplace: Workplace,
  tenant: TenantLike,
  access: TenantAccess,
  options?: MoveOptions,
): Promise<TenantRecord> {
  if (!accesses.includes(access)) refuse("access", access, `use one of ${accesses.join(", ")}`);
  const { after } = await setCondition(workplace, tenant, options, async (present) => {
    if (present.access === access) return undefined;
    const details = { from: present.access, to: access };
    return { changes: { access }, acts: [{ type: "tenant.access-set", details }] };
  });
  return after;
}

/** Puts a tenant into maintenance, or ends it. */
export async function setMaintenance(
  workplace: Workplace,
  tenant: TenantLike,
  wanted: NewMaintenance | undefined,
  options?: MoveOptions,
): Promise<TenantRecord> {
  const maintenance = wanted === undefined ? undefined : checkedMaintenance(wanted, workplace.keys);
  return putMaintenance(workplace, tenant, maintenance, options);
}

/** The same for one that was checked. */
export async function putMaintenance(
  workplace: Workplace,
  tenant: TenantLike,
  maintenance: Maintenance | undefined,
  options?: MoveOptions,
): Promise<TenantRecord> {
  const { after } = await setCondition(workplace, tenant, options, async (present) => {
    if (isDeepStrictEqual(present.maintenance, maintenance)) return undefined;
    const details = detailsOf(maintenance);
    return { changes: { maintenance }, acts: [{ type: "tenant.maintenance-set", details }] };
  });
  return after;
}

/** The audit trail learns that there is a way past it, and nothing of the way. */
function detailsOf(maintenance: Maintenance | undefined): JsonValue {
  if (maintenance === undefined) return null;
  const { bypass, allowed, ...told } = maintenance;
  const blocks = allowed === undefined ? {} : { allowed: [...allowed] };
  return { ...told, ...blocks, ...(bypass !== undefined && { bypass: true }) };
}

async function setCondition(
  workplace: Workplace,
  reference: TenantLike,
  options: MoveOptions = {},
  plan: (tenant: TenantRecord) => Promise<LifeChange | undefined>,
): Promise<ChangedTenant> {
  const changed = await changeLife(workplace, reference, checkedReason(options), async (tenant) => {
    if (["deleted", "deleting"].includes(tenant.status)) {
      throw new TenantNotFoundError("id", tenant.id);
    }
    return plan(tenant);
  });
  const { before, after } = changed;
  if (before !== after) await workplace.events.emit("conditionsChanged", { tenant: after });
  return changed;
}

const accesses: readonly unknown[] = ["read-write", "read-only", "closed"];
