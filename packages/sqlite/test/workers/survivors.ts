import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createTenancy, memoryStore, type Tenant } from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import { Author, Note } from "../entities.ts";

/**
 * Enters a tenant again and again, with so many callers at once, asks for one row each time, and prints how many bytes of
 * each stay grew old.
 */
const [folder = "", stays = "0", callers = "1"] = process.argv.slice(2);
const db = sqlite({ folder, entities: [Note, Author] });
const placement = db.place("acme", 1);
const acme: Tenant = { id: "acme", slug: "acme", status: "active", version: 1, placement };
const tenancy = createTenancy<Tenant>({ store: memoryStore([acme]), databases: db });
await tenancy.start();
await db.manager(placement).create({ tenantId: "acme", placement });
await db.migrate(acme);

async function stay(times: number): Promise<void> {
  let left = times;
  const call = async () => {
    while (left-- > 0) {
      await tenancy.run(acme, () => db.em().findOne(Note, { id: 1 }));
      if (left % 50 === 0) await new Promise(setImmediate);
    }
  };
  await Promise.all(Array.from({ length: Number(callers) }, call));
}

function oldBytes(): number {
  const spaces = getHeapSpaceStatistics().filter(({ space_name }) => space_name === "old_space");
  return spaces.reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
await stay(3_000);
collect();
const before = oldBytes();
await stay(Number(stays));
process.stdout.write(`${Math.round((oldBytes() - before) / Number(stays))}\n`);
await tenancy.close();
