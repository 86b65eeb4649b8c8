import type { PlacementStrategy, Tenant } from "@af-tenancy/core";
import type { MigrationPlace } from "@af-tenancy/testing";
import { admin, server, uniqueName } from "./server.ts";
import { startMigrated } from "./start-migrated.ts";

/** Makes a place for tenants on the tests' server, whose databases go with it. */
export function makePlace(strategy: PlacementStrategy): MigrationPlace {
  const sharedDatabase = uniqueName("shared");
  const closing: (() => Promise<void>)[] = [];
  return {
    async start(list) {
      const { databases, close } = await startMigrated(server, list, {
        ...{ strategies: [strategy], sharedDatabase },
      });
      closing.push(close);
      return {
        databases,
        query: ({ placement }: Tenant, sql) =>
          admin(sql, strategy === "row" ? sharedDatabase : placement?.name) as Promise<object[]>,
      };
    },
    async remove() {
      for (const close of closing) await close();
      await admin(`drop database if exists ${sharedDatabase}`);
    },
  };
}
