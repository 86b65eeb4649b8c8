import { forgottenLeaseContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";

describe.skipIf(withServer !== "")(`tenants with a schema each${withServer}`, () => {
  forgottenLeaseContract("postgresql", {
    async start() {
      const options = { checkoutDeadline: 60_000, strategy: "schema", maxConnections: 1 } as const;
      const { db, tenancy, acme, globex } = await startFleet(options);
      return {
        ...{ acme, globex, Note },
        run: ({ id }, work) => tenancy.run(id, () => work(db.em() as never)),
        stats: () => db.stats(),
      };
    },
    manyRows: "select * from generate_series(1, 1000)",
    pause: "select pg_sleep(0.05)",
  });
});
