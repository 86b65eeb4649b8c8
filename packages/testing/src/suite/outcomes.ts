/** How attempts that ran at the same time ended. */
export interface Outcomes<V> {
  readonly values: readonly V[];
  readonly errors: readonly unknown[];
}

/** Runs attempts at the same time and waits for all of them. */
export async function outcomes<V>(attempts: readonly (() => Promise<V>)[]): Promise<Outcomes<V>> {
  const settled = await Promise.allSettled(attempts.map((attempt) => attempt()));
  return {
    values: settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
    errors: settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : [])),
  };
}
