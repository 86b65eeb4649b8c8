import { RowsExposedError } from "@af-tenancy/database";
import { describe, expect, it, onTestFinished } from "vitest";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";
import { startSharedTables } from "./start-shared-tables.ts";

describe.skipIf(withServer !== "")(`the proof that policies bite${withServer}`, () => {
  it.each([
    ["read", "alter table %s disable row level security", "read 2 rows"],
    ["write", "alter policy af_tenancy_rows on %s with check (true)", "wrote another's row"],
  ])(
    "F088: lets two sample tenants %s, however right the rules of the tables look",
    async (_, spoiling, told) => {
      const database = await ownDatabase();
      const connection = { ...server, database };
      const site = await startSharedTables({ connection });
      const { schema: sharedSchema, role: sharedRole, tenancy } = site;
      onTestFinished(async () => {
        await tenancy.close();
        await asAdmin(`drop database "${database}" with (force)`);
        await asAdmin(`drop role "${sharedRole}"`);
      });
      const again = () => startSharedTables({ connection, sharedSchema, sharedRole });
      await site.add();
      await (await again()).tenancy.close();

      await asAdmin(spoilsSamples(spoiling), database);

      await expect(again()).rejects.toThrow(RowsExposedError);
      await expect(again()).rejects.toThrow(told);
      const left = await asAdmin(
        "select 1 from pg_tables where tablename like '%probe%'",
        database,
      );
      expect(left).toEqual([]);
    },
  );
});

async function ownDatabase(): Promise<string> {
  const database = uniqueName("proof");
  await asAdmin(`create database "${database}"`);
  return database;
}

/** SQL for a trigger that somebody else's tools could bring: it undoes the rules of new tables. */
function spoilsSamples(spoiling: string): string {
  return `create function public.spoil() returns event_trigger language plpgsql as $$
    declare made record;
    begin
      for made in select * from pg_event_trigger_ddl_commands() loop
        execute format('${spoiling}', split_part(made.object_identity, ' on ', 2));
      end loop;
    end $$;
    create event trigger spoil on ddl_command_end when tag in ('CREATE POLICY')
    execute function public.spoil()`;
}
