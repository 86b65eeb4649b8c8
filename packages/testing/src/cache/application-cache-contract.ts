import { describe } from "vitest";
import { forThisTest } from "../suite/for-this-test.ts";
import { group } from "../suite/group.ts";
import type { ApplicationCacheHarness } from "./application-cache-harness.ts";
import { clearingTests } from "./clearing-tests.ts";
import { countingTests } from "./counting-tests.ts";
import { isolationTests } from "./isolation-tests.ts";
import { lockTests } from "./lock-tests.ts";
import { makingTests } from "./making-tests.ts";
import { valueTests } from "./value-tests.ts";

/**
 * Checks that caches in a store keep tenants apart, and keep what every `ApplicationCache` promises.
 *
 * @example applicationCacheContract("my store", { start: () => startWith(myStore()) });
 */
export function applicationCacheContract(name: string, harness: ApplicationCacheHarness): void {
  const start = () =>
    forThisTest(
      () => harness.start(),
      (subject) => subject.close?.(),
    );
  const { leftOut } = harness;

  describe(`application cache: ${name}`, () => {
    group("isolation", leftOut, () => isolationTests(start));
    group("values", leftOut, () => valueTests(start));
    group("clearing", leftOut, () => clearingTests(start));
    group("making", leftOut, () => makingTests(start));
    group("counting", leftOut, () => countingTests(start));
    group("locks", leftOut, () => lockTests(start));
  });
}
