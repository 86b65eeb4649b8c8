import { UnsupportedOrmError } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { checkOrmVersion } from "../src/tenants/check-orm-version.ts";

it("accepts the installed version and later patches", () => {
  expect(() => checkOrmVersion()).not.toThrow();
  expect(() => checkOrmVersion("7.2.1")).not.toThrow();
  expect(() => checkOrmVersion("7.2.14")).not.toThrow();
});

it.each(["7.2.0", "7.1.9", "7.3.0", "8.0.0", "7.20.1", "7.2.x", "7.2.1-dev.3", ""])(
  "refuses version %j with the remedy",
  (version) => {
    expect(() => checkOrmVersion(version)).toThrow(UnsupportedOrmError);
    expect(() => checkOrmVersion(version)).toThrow(">=7.2.1 <7.3");
  },
);
