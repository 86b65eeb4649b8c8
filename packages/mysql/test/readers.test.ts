import { readerContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { missing } from "./server.ts";

describe.skipIf(missing)("with a server", () => {
  readerContract("mariadb", {
    async start() {
      const { db, tenancy, acme, globex } = await startFleet();
      return {
        ...{ acme, globex, Note },
        run: ({ id }, work) => tenancy.run(id, () => work(db.em() as never, db.readOnly())),
      };
    },
    endings: [
      "/*! set autocommit = 1 */",
      "/*M! set autocommit = 1 */",
      "# done\nset autocommit = 1",
      "if 1 then commit; end if",
      "analyze table note",
    ],
  });
});
