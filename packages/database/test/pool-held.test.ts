import { expect, it } from "vitest";
import { startPool } from "./start-pool.ts";

it("keeps connections that others share while one tenant gets no lease", async () => {
  const shared = { key: () => "shared", enter: <D>(driver: D) => driver } as const;
  const { pool, borrower, use, opened, closed } = startPool({ connections: 2, ...shared });
  await use("acme");

  await pool.whileHeld(borrower("acme"), () => use("globex"));

  expect(closed).toEqual([]);
  expect(opened).toEqual(["acme"]);
});

it("F079: tries a database again at once when something was done to it", async () => {
  let broken = true;
  const { pool, borrower, use } = startPool({
    connections: 2,
    opening() {
      if (broken) throw new TypeError("It is broken.");
    },
  });
  for (let attempt = 0; attempt < 6; attempt++) {
    await expect(use("acme")).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  }
  broken = false;
  await expect(use("acme")).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });

  await pool.whileHeld(borrower("acme"), () => undefined);

  await use("acme");
  expect(pool.statistics().failing).toEqual([]);
});
