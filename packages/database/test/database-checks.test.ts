import type { Placement, TenantDatabase } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { databaseChecks, inspectingOnce } from "../src/index.ts";

it("looks at each database once for all checks, and each check finds its own", async () => {
  const finished = ["gone", "foreign", "own"].map((tenantId) => ({
    tenantId,
    placement: { strategy: "schema", name: tenantId, generation: 1 } as Placement,
  }));
  const looked: string[] = [];
  const inspect = inspectingOnce(async ({ tenantId }: TenantDatabase) => {
    looked.push(tenantId);
    if (tenantId === "gone") return undefined;
    return { owner: { tenantId: tenantId === "own" ? "own" : "globex", generation: 1 }, bytes: 0 };
  });

  const found = [];
  for (const check of databaseChecks) found.push(await check.look({ finished, inspect }));

  expect(found).toMatchObject([[{ subject: 'schema "gone"' }], [{ subject: 'schema "foreign"' }]]);
  expect(looked).toEqual(["gone", "foreign", "own"]);
});
