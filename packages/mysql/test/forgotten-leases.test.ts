import { forgottenLeaseContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { missing } from "./server.ts";

describe.skipIf(missing)("with a server", () => {
  forgottenLeaseContract("mariadb", {
    async start() {
      const options = { checkoutDeadline: 60_000, maxConnections: 1 };
      const { db, tenancy, acme, globex } = await startFleet(options);
      return {
        ...{ acme, globex, Note },
        run: ({ id }, work) => tenancy.run(id, () => work(db.em() as never)),
        stats: () => db.stats(),
      };
    },
    manyRows: "select seq from seq_1_to_1000",
    pause: "select sleep(0.05)",
  });
});
