import { describe } from "vitest";
import { group } from "../suite/group.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import { bodyTests } from "./body-tests.ts";
import { centralHostTests } from "./central-host-tests.ts";
import { closingTests } from "./closing-tests.ts";
import { connectionTests } from "./connection-tests.ts";
import { cookieHintTests } from "./cookie-hint-tests.ts";
import { healthTests } from "./health-tests.ts";
import { hostileTests } from "./hostile-tests.ts";
import { identificationTests } from "./identification-tests.ts";
import { maintenanceBypassTests } from "./maintenance-bypass-tests.ts";
import { maintenanceTests } from "./maintenance-tests.ts";
import { optionTests } from "./option-tests.ts";
import { originTests } from "./origin-tests.ts";
import { pathTests } from "./path-tests.ts";
import { refusalAnswerTests } from "./refusal-answer-tests.ts";
import { refusalTests } from "./refusal-tests.ts";
import { resolverTests } from "./resolver-tests.ts";
import { routeTests } from "./route-tests.ts";
import { rulePathTests } from "./rule-path-tests.ts";
import { scopeTests } from "./scope-tests.ts";
import { sharedCacheTests } from "./shared-cache-tests.ts";
import { streamTests } from "./stream-tests.ts";
import { upgradeTests } from "./upgrade-tests.ts";

/**
 * Checks that a framework's adapter takes requests to their tenants, refuses what is to be refused, and ends every scope
 * once; over real connections to the real framework.
 *
 * @example adapterContract("express", { serve: serveExpress, resolvers, ... });
 */
export function adapterContract(name: string, harness: AdapterHarness): void {
  const { leftOut } = harness;

  describe(`adapter: ${name}`, () => {
    group("options", leftOut, () => optionTests(harness));
    group("identification", leftOut, () => identificationTests(harness));
    group("resolvers", leftOut, () => resolverTests(harness));
    group("paths", leftOut, () => pathTests(harness));
    group("shared caches", leftOut, () => sharedCacheTests(harness));
    group("cookie hints", leftOut, () => cookieHintTests(harness));
    group("origins", leftOut, () => originTests(harness));
    group("routes", leftOut, () => {
      routeTests(harness);
      centralHostTests(harness);
      rulePathTests(harness);
    });
    group("refusals", leftOut, () => refusalTests(harness));
    group("answers", leftOut, () => refusalAnswerTests(harness));
    group("maintenance", leftOut, () => {
      maintenanceTests(harness);
      maintenanceBypassTests(harness);
    });
    group("scopes", leftOut, () => scopeTests(harness));
    group("bodies", leftOut, () => bodyTests(harness));
    group("streams", leftOut, () => streamTests(harness));
    group("connections", leftOut, () => connectionTests(harness));
    group("upgrades", leftOut, () => upgradeTests(harness));
    group("health", leftOut, () => healthTests(harness));
    group("closing", leftOut, () => closingTests(harness));
    group("hostile requests", leftOut, () => hostileTests(harness));
  });
}
