import { readFileSync } from "node:fs";
import { tenantRecord } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { registrySites } from "./life/registry-sites.ts";

describe.each(registrySites)(
  "the tables of a registry on $name $missing",
  ({ name, missing, make }) => {
    it.skipIf(missing !== "")(
      "S029: have the keys and indexes that the documentation tells",
      async () => {
        const { place } = await start();
        const catalog = (await place.query(catalogs[name] ?? "")).map(
          ({ tbl, kind, cols }) => `${tbl} ${kind} ${cols}`,
        );

        expect(documentedKeys.length).toBeGreaterThan(12);
        expect(catalog).toEqual(expect.arrayContaining(documentedKeys));
        const onTenants = catalog.filter((one) => one.startsWith("tenants index "));
        expect(onTenants.sort()).toEqual(documentedIndexes(name));
      },
    );

    it.skipIf(missing !== "")("S029: refuse what is none of the known values", async () => {
      const { place, registry } = await start();
      await registry.transaction(async ({ operations, ledger }) => {
        await operations.open(operation);
        await ledger.record({ tenantId: "acme", state: "creating", placement });
      });
      const set = (table: string, column: string, value: string) =>
        place.query(`update ${table} set ${column} = '${value}'`).then(
          () => "kept",
          () => "refused",
        );
      const columns = [
        ["tenants", "status", "blocked", "odd"],
        ["tenants", "access", "closed", "odd"],
        ["tenants", "placement_strategy", "row", "odd"],
        ["tenants", "metadata", "[1]", "{"],
        ["tenant_operations", "state", "discarded", "odd"],
        ["physical_databases", "strategy", "schema", "odd"],
        ["physical_databases", "state", "adopted", "odd"],
      ] as const;

      const outcomes: string[][] = [];
      for (const [table, column, known, unknown] of columns) {
        outcomes.push([await set(table, column, known), await set(table, column, unknown)]);
      }

      expect(outcomes).toEqual(columns.map(() => ["kept", "refused"]));
    });

    it.skipIf(missing !== "")("keep each state that a physical database may have", async () => {
      const { registry } = await start();
      const states = ["creating", "ready", "adopted", "garbage"] as const;

      const kept = await registry.transaction(async ({ ledger }) => {
        for (const state of states) {
          await ledger.record({
            tenantId: "acme",
            state,
            placement: { ...placement, name: state },
          });
        }
        return ledger.list();
      });

      expect(kept.map(({ state }) => state).sort()).toEqual([...states].sort());
    });

    async function start() {
      const place = await make();
      const registry = place();
      onTestFinished(() => registry.close?.());
      await registry.start?.();
      await registry.transaction(({ tenants }) =>
        tenants.insert(tenantRecord({ slug: "acme" }), []),
      );
      return { place, registry };
    }
  },
);

const placement = {
  ...{ driver: "d", server: "s", name: "n", generation: 1, secret: undefined },
  strategy: "database",
} as const;

const operation = {
  ...{ id: "operation-1", tenantId: "acme", kind: "create", generation: 1, input: {} },
  ...{ idempotencyKey: undefined, actor: undefined },
};

const page = readFileSync(new URL("../../../docs/registry.md", import.meta.url), "utf8");

/** The rows of the table with this heading, each as its cells. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const [, body = ""] = page.split(`| ${heading} |`);
  const [table = ""] = body.split("\n\n");
  const lines = table.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) => line.split("|").slice(1, -1));
}

const namesIn = (text = "") => [...text.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

const documentedKeys = rowsUnder("table").flatMap(([table, , keys = ""]) => {
  const [name] = namesIn(table);
  return keys.split(";").flatMap((key) => {
    const names = namesIn(key);
    if (key.includes("refers to")) return [`${name} cascade ${names[1]}`];
    if (key.includes("unique")) return names.map((one) => `${name} unique ${one}`);
    return [`${name} primary ${names.join(", ")}`];
  });
});

function documentedIndexes(driver: string): readonly string[] {
  return rowsUnder("index of `tenants`")
    .filter(([, serves = ""]) => !serves.includes("PostgreSQL:") || driver === "PostgreSQL")
    .flatMap(([index]) => namesIn(index).filter((name) => name !== "active"))
    .map((columns) => `tenants index ${columns}`)
    .sort();
}

const catalogs: Readonly<Record<string, string>> = {
  SQLite: `
    select m.name as tbl, 'primary' as kind, (select group_concat(name, ', ') from
      (select name from pragma_table_info(m.name) where pk > 0 order by pk)) as cols
    from sqlite_master m where m.type = 'table'
    union all select m.name, iif(l."unique", 'unique', 'index'), (select group_concat(name, ', ') from
      (select name from pragma_index_info(l.name) order by seqno))
    from sqlite_master m, pragma_index_list(m.name) l where m.type = 'table' and l.origin = 'c'
    union all select m.name, 'cascade', f."table"
    from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table' and f.on_delete = 'CASCADE'`,
  PostgreSQL: `
    select t.relname::text as tbl,
      case when i.indisprimary then 'primary' when i.indisunique then 'unique' else 'index' end as kind,
      (select string_agg(a.attname, ', ' order by k.n) from unnest(i.indkey::int2[]) with ordinality k(att, n)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = k.att) as cols
    from pg_index i join pg_class t on t.oid = i.indrelid where t.relnamespace = 'public'::regnamespace
    union all select conrelid::regclass::text, 'cascade', confrelid::regclass::text
    from pg_constraint where contype = 'f' and confdeltype = 'c'`,
  MariaDB: `
    select table_name as tbl,
      case when index_name = 'PRIMARY' then 'primary' when non_unique = 0 then 'unique' else 'index' end as kind,
      group_concat(column_name order by seq_in_index separator ', ') as cols
    from information_schema.statistics where table_schema = database() group by table_name, index_name, non_unique
    union all select table_name, 'cascade', referenced_table_name
    from information_schema.referential_constraints where constraint_schema = database() and delete_rule = 'CASCADE'`,
};
