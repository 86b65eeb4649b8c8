import { expect, it } from "vitest";
import { Borrower } from "../src/connection/pool/borrower.ts";
import { openConnection } from "../src/connection/pool/open-connection.ts";
import { memoryDriver, openInMemory } from "./memory-driver.ts";

it("closes what was opened when no connection can be had from it", async () => {
  const driver = memoryDriver();
  const database = { tenantId: "acme", placement: driver.place("acme", 1) };
  const real = await openInMemory();
  let closed = 0;
  const opened = Object.assign(real, {
    acquireConnection: async () => Promise.reject(new TypeError("It gives none.")),
    async destroy() {
      closed += 1;
    },
  });

  const opening = openConnection(
    { open: async () => opened },
    new Borrower(database, driver.connections),
    () => 0,
  );

  await expect(opening).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  expect(closed).toBe(1);
});
