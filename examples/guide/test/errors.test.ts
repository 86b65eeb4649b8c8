import { errorResponse, isTenancyError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { startTenancy } from "./start-tenancy.ts";

it("tells errors by their code", async () => {
  const tenancy = await startTenancy();
  const shown: unknown[] = [];

  // #region code
  try {
    await tenancy.run({ by: "slug", value: "initech" }, async () => {});
  } catch (error) {
    if (!isTenancyError(error) || error.code !== "TENANT_NOT_FOUND") throw error;
    shown.push(error.message); // There is no tenant with slug "initech": check the value, ...
    shown.push(errorResponse(error)); // what a client may see: status, headers and body
  }
  // #endregion

  expect(shown).toEqual([
    expect.stringContaining('There is no tenant with slug "initech"'),
    {
      status: 404,
      headers: {},
      body: { error: { code: "TENANT_NOT_FOUND", message: "There is nothing here." } },
    },
  ]);
});
