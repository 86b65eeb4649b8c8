import type { MaybePromise } from "@af-tenancy/core";
import { onTestFinished } from "vitest";

/** Makes something for the running test and has it destroyed when the test is over, whatever its outcome. */
export async function forThisTest<S>(
  create: () => MaybePromise<S>,
  destroy: ((subject: S) => MaybePromise<void>) | undefined,
): Promise<S> {
  const subject = await create();
  if (destroy !== undefined) onTestFinished(async () => destroy(subject));
  return subject;
}
