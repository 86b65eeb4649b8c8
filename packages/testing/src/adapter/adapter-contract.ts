import { describe } from "vitest";
import { group } from "../suite/group.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import { identificationTests } from "./identification-tests.ts";
import { refusalTests } from "./refusal-tests.ts";
import { scopeTests } from "./scope-tests.ts";

/**
 * Checks that a framework's adapter takes requests to their tenants, refuses what is to be refused, and ends every scope
 * once; over real connections to the real framework.
 *
 * @example adapterContract("express", { serve: serveExpress, resolver: () => domainResolver() });
 */
export function adapterContract(name: string, harness: AdapterHarness): void {
  const { leftOut } = harness;

  describe(`adapter: ${name}`, () => {
    group("identification", leftOut, () => identificationTests(harness));
    group("refusals", leftOut, () => refusalTests(harness));
    group("scopes", leftOut, () => scopeTests(harness));
  });
}
