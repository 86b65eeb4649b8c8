import { InvalidInputError } from "@af-tenancy/core";

/** What is asked of `db.em()`. */
export interface EntityManagerOptions {
  /**
   * `bulk` is for background work: its queries get half of the connections at most and wait behind all others, and its
   * leases never count as forgotten.
   */
  readonly lane?: "bulk";
}

/**
 * Throws `InvalidInputError` for what is no object, and for an option that is not the one there is: misspelt it would
 * silently mean its default.
 */
export function checkKeys(options: unknown, known: string): void {
  if (typeof options !== "object" || options === null) {
    const kind = options === null ? "null" : typeof options;
    throw new InvalidInputError("options", kind, `give an object, whose one option is "${known}"`);
  }
  for (const key in options) {
    if (key !== known) throw new InvalidInputError("option", key, `the one option is "${known}"`);
  }
}

/** Tells whether a lane is asked for; throws `InvalidInputError` for one that there is not, and for other options. */
export function isInBulk(options: EntityManagerOptions): boolean {
  checkKeys(options, "lane");
  const { lane } = options;
  if (lane === undefined || lane === "bulk") return lane === "bulk";
  throw new InvalidInputError("lane", String(lane), 'the one lane to choose is "bulk"');
}
