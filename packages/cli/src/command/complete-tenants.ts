/** What a shell asks about. */
export interface Completing {
  /** What was written after `af-tenancy`; the last word is not done. */
  readonly words: readonly string[];
  /** Gives slugs of tenants that begin so; none where they are not to be had at once. */
  slugs(begun: string): Promise<readonly string[]>;
}

/** Whoever the parser asks for proposals. */
interface Asked {
  readonly completing?: Completing;
}

/** Proposes tenants where one is named. */
export const oneSlug = Object.freeze({
  async proposeCompletions(this: Asked, begun: string): Promise<readonly string[]> {
    return this.completing?.slugs(begun) ?? [];
  },
});

/** Proposes tenants in a list, each with those that stand before it. */
export const slugsOfList = Object.freeze({
  async proposeCompletions(this: Asked): Promise<readonly string[]> {
    const word = this.completing?.words.at(-1) ?? "";
    const before = word.slice(0, word.lastIndexOf(",") + 1);
    const found = await this.completing?.slugs(word.slice(before.length));
    return (found ?? []).map((slug) => `${before}${slug}`);
  },
});

/** Proposes tenants in arguments without end: in all of them, or in the first one where the others are something else. */
export function slugsOfArguments(path: string, [first]: readonly string[]): object {
  if (first === "tenants") return oneSlug;
  if (first !== "tenant") return {};
  return {
    async proposeCompletions(this: Asked, begun: string): Promise<readonly string[]> {
      const isFirst = this.completing?.words.length === path.split(" ").length + 1;
      return isFirst ? oneSlug.proposeCompletions.call(this, begun) : [];
    },
  };
}
