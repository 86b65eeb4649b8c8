import { HeldLease, outsideTenancy } from "@af-tenancy/core";
import { refuse } from "../refuse.ts";
import { finish } from "../repair.ts";
import type { Workplace } from "../workplace.ts";
import { createPending } from "./create-pending.ts";
import { largestPool } from "./pending-options.ts";
import { countPending, unfinishedPending } from "./pool-stock.ts";

/** Makes pending tenants until there are `count`, once no other process does, and gives the ids of those it made. */
export async function fillPool(workplace: Workplace, count: number): Promise<readonly string[]> {
  if (!(Number.isInteger(count) && count >= 0 && count <= largestPool)) {
    refuse("count", count, `use a whole number from 0 to ${largestPool}`);
  }
  const { clock, closing } = workplace;
  const made: string[] = [];
  for (;;) {
    closing.throwIfAborted();
    if (await fillWhileFree(workplace, count, made)) return made;
    await clock.sleep(waitMs, closing);
  }
}

/** Fills the pool unless another process does; gives whether it is full now. */
export async function fillWhileFree(
  workplace: Workplace,
  count: number,
  made: string[] = [],
): Promise<boolean> {
  const { registry, clock, leaseMs } = workplace;
  const name = "pending-tenants";
  const lease = await outsideTenancy(() => HeldLease.take(registry, clock, name, leaseMs));
  if (lease === undefined) return false;
  try {
    return await fill(workplace, lease, count, made);
  } finally {
    await lease.release();
  }
}

/** What is unfinished counts as there, so that what fails again and again does not grow in number. */
async function fill(
  workplace: Workplace,
  lease: HeldLease,
  count: number,
  made: string[],
): Promise<boolean> {
  for (const left of await unfinishedPending(workplace)) {
    const finished = await finish(workplace, left);
    made.push(...finished.filter(({ state }) => state === "done").map(({ tenantId }) => tenantId));
  }
  for (;;) {
    const unfinished = await unfinishedPending(workplace);
    let missing = count - unfinished.length - (await countPending(workplace));
    if (missing <= 0) return true;
    for (; missing > 0; missing -= 1) {
      workplace.closing.throwIfAborted();
      if (!lease.isHeld) return false;
      made.push((await createPending(workplace)).id);
    }
  }
}

/** Milliseconds until it is looked whether another process has done with the pool. */
const waitMs = 250;
