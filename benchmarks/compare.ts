import { median } from "./median.ts";

/** Times two ways of doing the same, in turn, so that both meet the same machine. */
export interface Comparison {
  /** Does it `times` times. */
  readonly ours: (times: number) => Promise<void>;
  readonly baseline: (times: number) => Promise<void>;
  /** How often it is done in one round. */
  readonly times: number;
  readonly rounds?: number;
  /** How many rounds go before those that count, until the engine has compiled everything for good. */
  readonly warming?: number;
}

/** Median nanoseconds of one call of each side, and the median of the rounds' ratios. */
export async function compare({ ours, baseline, times, rounds = 31, warming = 5 }: Comparison) {
  for (let i = 0; i < warming; i++) {
    await ours(times);
    await baseline(times);
  }
  const measured = { ours: [] as number[], baseline: [] as number[], ratios: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0;
    const a = await time(first ? ours : baseline, times);
    const b = await time(first ? baseline : ours, times);
    const [mine, theirs] = first ? [a, b] : [b, a];
    measured.ours.push(mine);
    measured.baseline.push(theirs);
    measured.ratios.push(mine / theirs);
  }
  return {
    ours: median(measured.ours),
    baseline: median(measured.baseline),
    ratio: median(measured.ratios),
  };
}

async function time(side: (times: number) => Promise<void>, times: number): Promise<number> {
  const start = process.hrtime.bigint();
  await side(times);
  return Number(process.hrtime.bigint() - start) / times;
}
