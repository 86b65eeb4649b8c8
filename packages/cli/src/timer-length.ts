/** Gives the same milliseconds, or the most that a timer can wait: of more, Node makes one. */
export function timerLength(milliseconds: number): number {
  return Math.min(milliseconds, 2 ** 31 - 1);
}
