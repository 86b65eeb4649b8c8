/** What a model can do in a state: the states that may come next. */
export interface Model<S> {
  readonly initial: S;
  next(state: S): Iterable<S>;
  /** Says which invariant a state breaks; `undefined` when none. */
  violation(state: S): string | undefined;
  /** Says what is wrong with a state in which nothing is left to happen; `undefined` when nothing is. */
  unfinished(state: S): string | undefined;
}

/** What an exhaustive search found. */
export interface Exploration {
  readonly states: number;
  readonly ends: number;
  /** Each broken invariant with how many states break it. */
  readonly violations: Readonly<Record<string, number>>;
}

/** Visits every state that can be reached, each once. */
export function explore<S>({ initial, next, violation, unfinished }: Model<S>): Exploration {
  const seen = new Set([JSON.stringify(initial)]);
  const open = [initial];
  const violations: Record<string, number> = {};
  let ends = 0;

  function count(found: string | undefined): void {
    if (found !== undefined) violations[found] = (violations[found] ?? 0) + 1;
  }

  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    count(violation(state));
    let isEnd = true;
    for (const following of next(state)) {
      isEnd = false;
      const key = JSON.stringify(following);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(following);
    }
    if (!isEnd) continue;
    ends += 1;
    count(unfinished(state));
  }
  return { states: seen.size, ends, violations };
}
