/** One result: `ratio` is ours / baseline as the promise states it, both sides measured in the same run. */
export interface Result {
  readonly name: string;
  readonly ratio: number;
  readonly ours: number;
  readonly baseline: number;
  readonly unit: string;
}

/** Prints a result as one JSON line, numbers to three digits. */
export function report({ name, ratio, ours, baseline, unit }: Result): void {
  const short = (value: number) => Number(value.toPrecision(4));
  console.log(
    JSON.stringify({
      name,
      ratio: short(ratio),
      ours: short(ours),
      baseline: short(baseline),
      unit,
    }),
  );
}
