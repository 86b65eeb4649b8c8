import { systemClock } from "@af-tenancy/core";
import { IsolationBrokenError } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { EchoingDriver } from "../src/tenants/echoing-driver.ts";
import { selfTest } from "../src/tenants/self-test.ts";
import { memoryDialect, memoryDriver, openInMemory } from "./memory-driver.ts";

it("passes where tenants are kept apart, and again", async () => {
  await selfTest(memoryDriver(), systemClock());
  await selfTest(memoryDriver(), systemClock());
});

it("refuses where both tenants reach one database", async () => {
  const dialect = memoryDialect();
  const shared = await openInMemory(dialect);
  const driver = memoryDriver({ openSample: async () => shared });

  await expect(selfTest(driver, systemClock())).rejects.toThrow(IsolationBrokenError);
});

it("needs no database of a driver whose engine cannot be embedded", async () => {
  const { openSample: _, ...driver } = memoryDriver();

  await selfTest(driver, systemClock());
});

it("sees a query on the wrong connection by what that one answers", async () => {
  const one = new EchoingDriver("one");
  const driver = memoryDriver({ openSample: async () => one });

  await expect(selfTest(driver, systemClock())).rejects.toThrow('read a row of "one"');
});
