import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import { thrownError } from "./thrown-error.ts";

/** For adapters: has the application answer a refusal; what it throws, which may be the refusal itself, surfaces. */
export function answerRefusal(
  answer: () => MaybePromise<void>,
  surface: (error: unknown) => void,
): void {
  try {
    const answered = answer();
    if (isThenable(answered)) {
      void answered.then(undefined, (error: unknown) => surface(thrownError(error)));
    }
  } catch (error) {
    surface(thrownError(error));
  }
}
