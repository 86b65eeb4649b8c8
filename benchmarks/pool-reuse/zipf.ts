/**
 * Draws from so many items: the first is asked for twice as often as the second and three times as often as the third.
 * The same seed gives the same draws, so that two runs can be compared.
 */
export function zipf(items: number, draws: number, seed: number): readonly number[] {
  const heights: number[] = [];
  let height = 0;
  for (let rank = 1; rank <= items; rank++) {
    height += 1 / rank;
    heights.push(height);
  }
  const random = randomFrom(seed);
  return Array.from({ length: draws }, () => firstAbove(heights, random() * height));
}

/** How many of the draws are of the `most` items that were drawn most often: nobody who keeps so many can serve more. */
export function bestFixedSet(draws: readonly number[], most: number): number {
  const counts = new Map<number, number>();
  for (const item of draws) counts.set(item, (counts.get(item) ?? 0) + 1);
  const sorted = [...counts.values()].sort((one, other) => other - one);
  return sorted.slice(0, most).reduce((sum, count) => sum + count, 0);
}

function firstAbove(heights: readonly number[], value: number): number {
  let [low, high] = [0, heights.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((heights[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Mulberry32: numbers from 0 to below 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
