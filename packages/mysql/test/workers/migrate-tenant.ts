import { startMigrated } from "../start-migrated.ts";

/** Migrates one tenant as another process of the application does. */
const { connection, options, migrations, tenant } = JSON.parse(process.argv[2] ?? "");
const { databases, close } = await startMigrated(connection, migrations, options);
await databases.migrations?.run(tenant);
await close();
