import { notes, seedersOf } from "./noted-seeders.ts";
import type { MakeSeeders } from "./tenant-seeding-harness.ts";

/**
 * Makes the seeders of a process that is to be killed: each does the beginning of its work, calls `begun` and waits. What
 * `seedInProcess` starts prints something then.
 */
export function waitingSeeders(begun: () => void): MakeSeeders {
  function wait(): Promise<void> {
    begun();
    return new Promise((resolve) => setTimeout(resolve, 600_000));
  }
  return seedersOf({
    async whole({ em }, note) {
      await em.insertMany(note, notes(30));
      await wait();
    },
    batched: {
      async *rows() {
        yield* notes(35);
        await wait();
      },
    },
  });
}
