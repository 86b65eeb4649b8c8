/** What happened to a record in one database. */
export interface RecordChange {
  /** What happened; several things at once count as the weightiest. */
  readonly kind: ChangeKind;
  /** The synced fields that changed; all of them where the record was made. */
  readonly fields: readonly string[];
}

/** Kinds of changes of a record. */
export type ChangeKind = "created" | "updated" | "trashed" | "restored" | "removed";

/** What a tenant's database has not delivered yet, each with the stamp of its latest change. */
export interface PendingChanges {
  readonly created?: number;
  readonly removed?: number;
  /** It left the tenant's trash. */
  readonly restored?: number;
  readonly fields: Readonly<Record<string, number>>;
}

/** Reads the column `pending`. */
export function readPending(text: string | null | undefined): PendingChanges {
  return typeof text === "string" ? (JSON.parse(text) as PendingChanges) : nothing;
}

/** Writes the column `pending`. */
export function writePending(pending: PendingChanges): string | null {
  const { fields, ...marks } = pending;
  const empty = Object.keys(fields).length === 0 && Object.keys(marks).length === 0;
  return empty ? null : JSON.stringify(pending);
}

/** Adds a change; one that removes the record makes all before it void. */
export function withChange(
  pending: PendingChanges,
  { kind, fields }: RecordChange,
  stamp: number,
): PendingChanges {
  if (kind === "removed") return { removed: stamp, fields: {} };
  const changed = Object.fromEntries(fields.map((field) => [field, stamp]));
  if (kind === "created") return { created: stamp, fields: changed };
  const merged = { ...pending, fields: { ...pending.fields, ...changed } };
  return kind === "restored" ? { ...merged, restored: stamp } : merged;
}

/** What is left when everything up to a stamp was delivered. */
export function after(pending: PendingChanges, stamp: number): PendingChanges {
  const later = ([, at]: readonly [string, number]) => at > stamp;
  const { fields, ...marks } = pending;
  return {
    ...Object.fromEntries(Object.entries(marks).filter(later)),
    fields: Object.fromEntries(Object.entries(fields).filter(later)),
  };
}

/** Gives the number after another that is no less than the time, so that a restored backup repeats none. */
export function nextNumber(previous: number, now: number): number {
  return Math.max(previous + 1, now);
}

const nothing: PendingChanges = Object.freeze({ fields: Object.freeze({}) });
