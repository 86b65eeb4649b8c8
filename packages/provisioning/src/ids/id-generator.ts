import type { MaybePromise } from "@af-tenancy/core";

/** Makes the id of a new tenant: 1 to 64 of `[A-Za-z0-9_-]`. One that is taken is tried again, a few times. */
export type IdGenerator = (source: IdSource) => MaybePromise<string>;

/** What a generator of ids may ask the registry for. */
export interface IdSource {
  /** Gives the next number of a sequence that all processes share, 1 at first; see `Sequences`. */
  next(sequence: string): Promise<number>;
}
