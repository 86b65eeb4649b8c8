import { InvalidInputError } from "@af-tenancy/core";

/** What is asked of `db.em()`. */
export interface EntityManagerOptions {
  /**
   * `bulk` is for background work: its queries get half of the connections at most and wait behind all others, and its
   * leases never count as forgotten.
   */
  readonly lane?: "bulk";
}

/** Tells whether a lane is asked for; throws `InvalidInputError` for one that there is not. */
export function isInBulk({ lane }: EntityManagerOptions): boolean {
  if (lane === undefined || lane === "bulk") return lane === "bulk";
  throw new InvalidInputError("lane", String(lane), 'the one lane to choose is "bulk"');
}
