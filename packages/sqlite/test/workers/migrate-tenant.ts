import { createTenancy, memoryRegistry } from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import { Author, Note } from "../entities.ts";
import { migrationOf } from "../migration-of.ts";

/** Migrates one tenant as another process of the application does. */
const { folder, migrations, tenant } = JSON.parse(process.argv[2] ?? "");
const list = migrations.map(migrationOf);
const databases = sqlite({ folder, entities: [Note, Author], migrations: list });
const tenancy = createTenancy({ registry: memoryRegistry(), databases });
await tenancy.start();
await databases.migrations?.run(tenant);
await tenancy.close();
