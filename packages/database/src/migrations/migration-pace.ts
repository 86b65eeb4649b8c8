/**
 * How long the migrations of one driver took where they were run last. Several that are quick may go to a tenant in one
 * message; what nobody has seen yet, and what takes long, goes by itself, so that work can be stopped before it.
 */
export class MigrationPace {
  readonly #latest = new Map<string, number>();

  /** Takes how many milliseconds these took together. */
  learn(names: readonly string[], milliseconds: number): void {
    for (const name of names) this.#latest.set(name, milliseconds / names.length);
  }

  /** Gives the first of these, with those after it that take no more than a second together. */
  together(names: readonly string[]): readonly string[] {
    let total = 0;
    const end = names.findIndex((name) => {
      total += this.#latest.get(name) ?? Number.POSITIVE_INFINITY;
      return total > mostAtOnce;
    });
    return end < 0 ? names : names.slice(0, Math.max(end, 1));
  }
}

/** Milliseconds. */
const mostAtOnce = 1_000;
