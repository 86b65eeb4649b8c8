import { AsyncLocalStorage } from "node:async_hooks";
import { DuplicateCoreError } from "./errors/configuration-errors.ts";
import type { Frame } from "./frame.ts";

/** Raised when the shape of `Frame` changes, so that two copies that cannot share one context refuse to start. */
const protocol = "1";

/**
 * The one process-wide object: the AsyncLocalStorage that every copy of this package shares. It is only ever entered
 * with `run`.
 */
export const storage: AsyncLocalStorage<Frame | undefined> = sharedStorage();

interface Shared {
  readonly protocol: string;
  readonly storage: AsyncLocalStorage<Frame | undefined>;
}

function sharedStorage(): AsyncLocalStorage<Frame | undefined> {
  const slot = Symbol.for("@af-tenancy/core");
  const loaded = (globalThis as { readonly [slot: symbol]: Shared | undefined })[slot];
  if (loaded !== undefined) {
    if (loaded.protocol !== protocol) throw new DuplicateCoreError(loaded.protocol, protocol);
    return loaded.storage;
  }
  const shared: Shared = { protocol, storage: new AsyncLocalStorage() };
  Object.defineProperty(globalThis, slot, { value: Object.freeze(shared) });
  return shared.storage;
}
