/**
 * Compares what pages say with what the code says, both ways: gives a complaint for each name that only one side has,
 * and for each that both have with different facts.
 */
export function differences(
  documented: readonly Fact[],
  real: readonly Fact[],
  where: { readonly page: string; readonly what: string },
): string[] {
  const complaints: string[] = [];
  const seen = new Set<string>();
  const byName = new Map(real.map((fact) => [fact.name, fact]));
  for (const { name, says, at } of documented) {
    const fact = byName.get(name);
    if (seen.has(name)) complaints.push(`${at} has ${where.what} "${name}" a second time`);
    else if (fact === undefined)
      complaints.push(`${at} has ${where.what} "${name}", the code has not`);
    else if (fact.says !== says)
      complaints.push(`${at} says "${says}" of "${name}", ${fact.at} "${fact.says}"`);
    seen.add(name);
  }
  for (const { name, at } of real) {
    if (!seen.has(name)) complaints.push(`${where.page} lacks ${where.what} "${name}" of ${at}`);
  }
  return complaints;
}

/** A name, what is said of it, and where. */
export interface Fact {
  readonly name: string;
  /** Empty when only the name counts. */
  readonly says: string;
  /** Such as `docs/errors.md:12`. */
  readonly at: string;
}
