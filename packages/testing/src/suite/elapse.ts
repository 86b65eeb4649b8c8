import { setTimeout } from "node:timers/promises";

/** Lets real time pass. */
export async function elapse(milliseconds: number): Promise<void> {
  await setTimeout(milliseconds);
}
