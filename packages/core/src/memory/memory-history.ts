import type { Clock } from "../contracts/clock.ts";
import type { HistoryKind, RegistryHistory } from "../contracts/registry-history.ts";
import { consumerSequences, lastChange } from "./memory-outbox.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Makes what removes from the tables of one transaction whatever is over. */
export function memoryHistory(tables: () => RegistryTables, clock: Clock): RegistryHistory {
  const before = (age: number) => clock.now() - age;
  return {
    count: async (what, age) => removals[what](tables(), before(age)).length,
    async remove(what, age, limit) {
      const due = removals[what](tables(), before(age)).slice(0, limit);
      for (const remove of due) remove();
      return due.length;
    },
  };
}

/** What removes each one that is due, the oldest first. */
const removals: Readonly<
  Record<HistoryKind, (tables: RegistryTables, before: number) => (() => void)[]>
> = {
  changes(tables, before) {
    const { changes, changeTimes, cursors } = tables;
    const had = Math.min(lastChange(tables) - 1, ...consumerSequences(tables));
    const due = [...changes.values()].filter(
      ({ sequence }) => sequence <= had && (changeTimes.get(sequence) ?? 0) < before,
    );
    return due.map(({ sequence }) => () => {
      changes.delete(sequence);
      changeTimes.delete(sequence);
      cursors.set("removed", sequence);
    });
  },
  operations({ operations, idempotencyKeys }, before) {
    const due = [...operations.values()].filter(
      ({ state, updatedAt }) => (state === "done" || state === "discarded") && updatedAt < before,
    );
    return due.map(({ id, idempotencyKey }) => () => {
      operations.delete(id);
      if (idempotencyKey !== undefined) idempotencyKeys.delete(idempotencyKey);
    });
  },
  plans({ plans, planNumbers, planned }, before) {
    const entries = [...planned.values()];
    const isOpen = (planId: string) =>
      entries.some(
        (one) => one.planId === planId && ["waiting", "quarantined"].includes(one.tenant.state),
      );
    const due = [...plans.values()].filter((one) => one.createdAt < before && !isOpen(one.id));
    return due.map(({ id }) => () => {
      plans.delete(planNumbers.get(id) ?? 0);
      planNumbers.delete(id);
      for (const { planId, tenant } of entries) {
        if (planId === id) planned.delete(plannedKey(id, tenant.position));
      }
    });
  },
};

/** The key of a plan's tenant. */
export function plannedKey(planId: string, position: number): string {
  return `${planId} ${position}`;
}
