import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseMismatchError, statement } from "@af-tenancy/database";
import { expect, it } from "vitest";
import type { NativeSqlite } from "../src/native-sqlite.ts";
import { openTenantFile } from "../src/open-file.ts";
import { sqliteFiles } from "../src/sqlite-files.ts";
import { TenantFile } from "../src/tenant-file.ts";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";

it("gives nothing of what it read while another tenant's file was copied over the open one", async () => {
  const { folder, acme, globex, db, tenancy } = await startFleet();
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
  }
  await db.close?.();
  await db.start?.();
  const { placement } = acme;
  if (placement === undefined) return expect.unreachable();
  const path = (name = "") => join(folder, `${name}.sqlite`);
  const files = sqliteFiles();
  let opened: NativeSqlite | undefined;
  const watched = {
    ...files,
    open(...given: Parameters<typeof files.open>) {
      opened = files.open(...given);
      return opened;
    },
  };
  const database = { tenantId: acme.id, placement };
  const file = new TenantFile(folder, placement.name);
  const driver = await openTenantFile(watched, file, database, "delete");
  const connection = await driver.acquireConnection();
  (opened as unknown as WithFunctions).function("copied", () => {
    copyFileSync(path(globex.placement?.name), path(placement.name));
    return 1;
  });
  await new Promise((resolve) => setTimeout(resolve, 20)); // a file system's clock ticks every few milliseconds

  const reading = connection.executeQuery(statement("select copied(), text from note"));

  await expect(reading).rejects.toThrow(DatabaseMismatchError);
  await driver.destroy();
});

/** What `better-sqlite3` offers beside what is used of it. */
interface WithFunctions {
  function(name: string, work: () => number): void;
}
