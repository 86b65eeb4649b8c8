import type { Clock, ReferenceHints, TenantReference } from "@af-tenancy/core";
import type { ChangeWindow } from "./change-window.ts";
import type { MemoryLayer } from "./layers/memory-layer.ts";
import { isKept, keyOf, recordKey } from "./tenant-keys.ts";

/** What there is to judge hints by at a moment; nothing was heard of where the store is not started. */
type Now = () => { readonly clock: Clock; readonly heardAllAt: number | undefined };

/** Vouches for references as Redis's entries are judged: by the number of the change up to which they were known. */
export class ChangeHints implements ReferenceHints {
  readonly #memory: MemoryLayer | undefined;
  readonly #window: ChangeWindow;
  readonly #maxStale: number;
  readonly #now: Now;
  #worthlessBefore = Number.NEGATIVE_INFINITY;

  constructor(memory: MemoryLayer | undefined, window: ChangeWindow, maxStale: number, now: Now) {
    this.#memory = memory;
    this.#window = window;
    this.#maxStale = maxStale;
    this.#now = now;
  }

  knownUpTo(reference: TenantReference, tenantId: string): number | undefined {
    // What is in memory is what all changes up to the latest left.
    const held = this.#memory?.find(reference);
    return held?.tenant.id === tenantId ? this.#window.highest : undefined;
  }

  stillLeads(
    reference: TenantReference,
    tenantId: string,
    upTo: number,
    issuedAt: number,
  ): boolean {
    const { clock, heardAllAt } = this.#now();
    if (heardAllAt === undefined || clock.monotonic() > heardAllAt + this.#maxStale) return false;
    if (!isKept(reference) || issuedAt < this.#worthlessBefore) return false;
    const window = this.#window;
    const changed = [keyOf(reference), recordKey(tenantId)].map((key) => window.changedAt(key));
    return upTo <= window.highest && changed.every((sequence) => upTo >= sequence);
  }

  /**
   * Everything that was told so far may be wrong, and what other processes tell until they know it, too; their clocks may
   * differ a little.
   */
  startOver(): void {
    this.#worthlessBefore = this.#now().clock.now() + margin;
  }
}

/** Milliseconds. */
const margin = 10_000;
