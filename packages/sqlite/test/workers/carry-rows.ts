import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { createTenancy, memoryRegistry, type Tenant } from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import { Author, Note } from "../entities.ts";

/** Imports so many rows for a tenant, exports them as CSV, imports that for another, and prints what is there. */
const [folder = "", count = "0"] = process.argv.slice(2);
const db = sqlite({ folder, entities: [Note, Author] });
const tenancy = createTenancy<Tenant>({ registry: memoryRegistry(), databases: db });
await tenancy.start();

async function* lines(): AsyncGenerator<string> {
  for (let id = 1; id <= Number(count); id++) {
    yield `${JSON.stringify({ entity: "Note", row: { id, text: `note ${id}`, author: null } })}\n`;
  }
}

async function make(id: string): Promise<Tenant> {
  const placement = db.place(id, 1);
  const tenant = { id, slug: id, status: "active", version: 1, placement } as const;
  await db.manager(placement).create({ tenantId: id, placement });
  await db.migrate(tenant);
  return tenant;
}

const [acme, globex] = [await make("acme"), await make("globex")];
const file = join(folder, "notes.csv");
await tenancy.run(acme, async () => {
  await db.data.import({ format: "jsonl", from: lines() });
  await db.data.export({ format: "csv", entities: [Note], to: createWriteStream(file) });
});
await tenancy.run(globex, async () => {
  await db.data.import({ format: "csv", entity: Note, from: createReadStream(file) });
  process.stdout.write(`${await db.em().count(Note)}\n`);
});
await tenancy.close();
