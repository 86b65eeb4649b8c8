import { describe, expect, it } from "vitest";
import { startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";

describe.skipIf(withServer !== "")(`background work${withServer}`, () => {
  it("F076: leaves half of the connections to requests, and lets them go first", async () => {
    const { db, tenancy, acme, globex } = await startFleet({
      ...{ strategy: "schema", maxConnections: 4, maxWait: 10_000 },
    });
    const order: string[] = [];
    let most = 0;
    const background = tenancy.run(acme, () =>
      Promise.all(
        Array.from({ length: 6 }, async () => {
          await db.em({ lane: "bulk" }).execute("select pg_sleep(0.4)");
          order.push("background");
        }),
      ),
    );
    const looking = setInterval(() => {
      most = Math.max(most, db.stats()[0]?.leased ?? 0);
    }, 5);

    await new Promise((resolve) => setTimeout(resolve, 30));
    await tenancy.run(globex, async () => {
      await db.em().execute("select 1");
      order.push("request");
    });
    await background;
    clearInterval(looking);

    expect(order.indexOf("request")).toBe(0);
    expect(order).toHaveLength(7);
    expect(most).toBeLessThanOrEqual(2);
  });
});
