import { createTenancy, type TenancyParts } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { onTestFinished } from "vitest";
import { Note } from "../src/note.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A started tenancy on SQLite without any tenant yet, closed and removed when the test is over. */
export async function startFleet(parts: TenancyParts = {}) {
  const folder = await temporaryFolder();
  const db = sqlite({ folder: `${folder}/tenants`, entities: [Note] });
  const registry = sqliteRegistry({ file: `${folder}/registry.sqlite` });
  const tenancy = createTenancy({
    registry,
    databases: db,
    provisioning: provisioning(),
    ...parts,
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return { db, folder, registry, tenancy };
}
