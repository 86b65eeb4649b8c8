import { expect, it } from "vitest";
import { startFleet } from "./start-fleet.ts";

it("finds nothing wrong with a new application", async () => {
  const { db, tenancy } = await startFleet();
  await tenancy.tenants.create({ slug: "acme" });
  const report: string[] = [];

  // #region ask
  for (const { severity, check, subject, message, remedy } of await db.doctor()) {
    report.push(`${severity} ${check}: ${subject}: ${message} ${remedy}`);
  }
  // #endregion

  expect(report).toEqual([]);
});
