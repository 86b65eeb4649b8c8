import type { PlacementStrategy, Tenant } from "@af-tenancy/core";
import type { MigrationPlace } from "@af-tenancy/testing";
import { asAdmin, server, uniqueName } from "./server.ts";
import { startMigrated } from "./start-migrated.ts";

/** Makes a place for tenants on the tests' server, whose databases and schemas go with it. */
export function makePlace(
  strategy: PlacementStrategy,
): MigrationPlace & { readonly schema: string; readonly role: string } {
  const names = { sharedSchema: uniqueName("shared"), sharedRole: uniqueName("rows") };
  const closing: (() => Promise<void>)[] = [];
  return {
    ...{ schema: names.sharedSchema, role: names.sharedRole },
    async start(list) {
      const { databases, close } = await startMigrated(server, list, {
        ...{ strategies: [strategy], ...names },
      });
      closing.push(close);
      return {
        databases,
        query: ({ placement }: Tenant, sql) => queryAt(placement?.name ?? "", strategy, names, sql),
      };
    },
    async remove() {
      for (const close of closing) await close();
      if (strategy !== "row") return;
      const { sharedSchema, sharedRole } = names;
      await asAdmin(
        `drop schema if exists "${sharedSchema}" cascade; drop owned by "${sharedRole}"; drop role "${sharedRole}"`,
      );
    },
  };
}

function queryAt(
  name: string,
  strategy: PlacementStrategy,
  { sharedSchema }: { readonly sharedSchema: string },
  sql: string,
): Promise<object[]> {
  if (strategy === "database") return asAdmin(sql, name);
  return asAdmin(`set search_path to "${strategy === "row" ? sharedSchema : name}"; ${sql}`);
}
