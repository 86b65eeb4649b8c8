import { readerContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";

describe.skipIf(withServer !== "").each(["database", "schema"] as const)(
  `tenants with a %s each${withServer}`,
  (strategy) => {
    readerContract("postgresql", {
      async start() {
        const { db, tenancy, acme, globex } = await startFleet({ strategy });
        return {
          ...{ acme, globex, Note },
          run: ({ id }, work) => tenancy.run(id, () => work(db.em() as never, db.readOnly())),
        };
      },
      endings: [
        "commit; select 1",
        "select 1 /* ' */; commit; select 1 /* ' */",
        "select 1 -- '\n; commit; select 1 -- '",
        "/* a /* b */ */ commit; select 1",
        "select set_config('standard_conforming_strings', 'off', false); select '\\'' ; commit; select '\\''",
      ],
    });
  },
);
