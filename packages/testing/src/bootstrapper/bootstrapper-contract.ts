import { describe } from "vitest";
import { acme, globex } from "../fixtures/tenant-record.ts";
import { forThisTest } from "../suite/for-this-test.ts";
import { group } from "../suite/group.ts";
import { bootstrapWatch } from "./bootstrap-watch.ts";
import type { BootstrapperHarness, MakeWatchedSubject } from "./bootstrapper-harness.ts";
import { isolationTests } from "./isolation-tests.ts";
import { processTests } from "./process-tests.ts";
import { undoTests } from "./undo-tests.ts";

/**
 * Checks that a bootstrapper gives each tenant its own, takes it back, and leaves the process alone.
 *
 * @example
 * bootstrapperContract("cache", {
 *   create(watch) {
 *     const tenancy = createTenancy({ bootstrappers: [watch(cacheBootstrapper(cache))] });
 *     return { enter: (tenant, work) => tenancy.run(tenant, work), observe: () => cache.prefix() };
 *   },
 * });
 */
export function bootstrapperContract(name: string, harness: BootstrapperHarness): void {
  const { leftOut, tenants = [acme(), globex()] } = harness;
  const make: MakeWatchedSubject = async () => {
    const { watch, counts } = bootstrapWatch();
    const subject = await forThisTest(
      () => harness.create(watch),
      (one) => one.close?.(),
    );
    return {
      enter: (tenant, work) => subject.enter(tenant, work),
      observe: () => subject.observe(),
      acme: tenants[0],
      globex: tenants[1],
      counts,
    };
  };

  describe(`bootstrapper: ${name}`, () => {
    group("isolation", leftOut, () => isolationTests(make));
    group("undo", leftOut, () => undoTests(make));
    group("process", leftOut, () => processTests(make));
  });
}
