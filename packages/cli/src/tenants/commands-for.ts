import type { TenantRecord, TenantStatus } from "@af-tenancy/core";

/** A call that does something with a tenant, as it is typed, and the status that the tenant has then. */
export interface CommandFor {
  readonly command: string;
  readonly to: TenantStatus | "purged";
}

/** Tells the commands that do something with a tenant in its status, at the moment `now`. */
export function commandsFor(tenant: TenantRecord, now: number): readonly CommandFor[] {
  const { slug, status, graceUntil, formerStatus } = tenant;
  const isOver = status === "deleted" && graceUntil != null && graceUntil <= now;
  const purge = isOver ? `tenant purge ${slug}` : `tenant purge ${slug} --skip-grace`;
  const moves = isOver
    ? []
    : verbs[status].map(({ verb, to }) => ({
        command: `af-tenancy tenant ${verb} ${slug}`,
        to: to ?? formerStatus ?? "inactive",
      }));
  const unfinished = left[status];
  return [
    ...(unfinished === undefined ? [] : [{ command: "af-tenancy repair", to: unfinished }]),
    ...moves,
    { command: `af-tenancy ${purge}`, to: "purged" },
  ];
}

interface Verb {
  readonly verb: string;
  /** What it was before, when absent. */
  readonly to?: TenantStatus;
}

const activate = Object.freeze({ verb: "activate", to: "active" });
const archive = Object.freeze({ verb: "archive", to: "archived" });
const remove = Object.freeze({ verb: "delete", to: "deleted" });

const verbs: Readonly<Record<TenantStatus, readonly Verb[]>> = Object.freeze({
  provisioning: [],
  failed: [],
  pending: [],
  active: [{ verb: "suspend", to: "suspended" }, archive, remove],
  inactive: [activate, archive, remove],
  suspended: [activate, archive, remove],
  blocked: [activate, remove],
  archived: [activate, remove],
  deleted: [{ verb: "restore" }],
  deleting: [],
});

/** Statuses of an operation that is not through, and what `repair` makes of it. */
const left: Readonly<Partial<Record<TenantStatus, CommandFor["to"]>>> = Object.freeze({
  provisioning: "active",
  failed: "active",
  deleting: "purged",
});
