import type { PlacementStrategy, Tenant } from "@af-tenancy/core";
import type { MigrationPlace } from "@af-tenancy/testing";
import { Client } from "pg";
import { asAdmin, server, uniqueName } from "./server.ts";
import { startMigrated } from "./start-migrated.ts";

/** Makes a place for tenants on the tests' server, whose databases and schemas go with it. */
export function makePlace(
  strategy: PlacementStrategy,
): MigrationPlace & { readonly schema: string; readonly role: string } {
  const names = { sharedSchema: uniqueName("shared"), sharedRole: uniqueName("rows") };
  const closing: (() => Promise<void>)[] = [];
  const clients = new Map<string, Promise<Client>>();
  closing.push(async () => {
    for (const client of clients.values()) await (await client).end();
  });

  /** One connection to each database, which ends with the database or the place. */
  async function queryIn(database: string, sql: string): Promise<object[]> {
    const client = clients.get(database) ?? connect(database);
    clients.set(database, client);
    return (await (await client).query(sql)).rows;
  }

  return {
    ...{ schema: names.sharedSchema, role: names.sharedRole },
    async start(list) {
      const { databases, close } = await startMigrated(server, list, {
        ...{ strategies: [strategy], ...names },
      });
      closing.push(close);
      return {
        databases,
        query({ placement }: Tenant, sql) {
          const name = placement?.name ?? "";
          if (strategy === "database") return queryIn(name, sql);
          return asAdmin(
            `set search_path to "${strategy === "row" ? names.sharedSchema : name}"; ${sql}`,
          );
        },
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

async function connect(database: string): Promise<Client> {
  const client = new Client({ ...server, database });
  client.on("error", () => undefined); // the database was dropped
  await client.connect();
  return client;
}
