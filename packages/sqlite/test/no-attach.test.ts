import { join } from "node:path";
import { sqlRunner, UnscopedSqlError } from "@af-tenancy/database";
import { acme } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { openRegistryFile } from "../src/open-file.ts";
import { sqliteFiles } from "../src/sqlite-files.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const statements = (file: string): readonly (readonly [string, string])[] => [
  ["ATTACH", `attach database '${file}' as other`],
  ["ATTACH in capitals behind a comment", `/* x */ ATTACH '${file}' AS other`],
  ["ATTACH of a URI", `attach 'file:${file}?mode=ro' as other`],
  ["ATTACH of a database in memory", "attach ':memory:' as other"],
  ["VACUUM INTO", `vacuum into '${file}.copy'`],
  ["VACUUM INTO of a schema", `vacuum main into '${file}.copy'`],
];

it.each(statements("x").map(([name], index) => [name, index] as const))(
  "C047: F091: %s is denied for tenants, old and new, and for the central database",
  async (_, index) => {
    const fleet = await start();
    const later = await fleet.add({ ...acme(), id: "later", slug: "later" });
    const [, sql = ""] = statements(join(fleet.folder, "other.sqlite"))[index] ?? [];

    for (const tenant of [fleet.acme, later]) {
      const used = fleet.tenancy.run(tenant, async () => fleet.db.em().execute(sql));
      await expect(used).rejects.toThrow(UnscopedSqlError);
      const inside = fleet.tenancy.run(tenant, () =>
        fleet.db.em().transactional((em) => em.execute(sql)),
      );
      await expect(inside).rejects.toThrow(UnscopedSqlError);
    }
    await expect(fleet.db.central().execute(sql)).rejects.toThrow(UnscopedSqlError);
  },
);

it("F091: loads no extension and reads no file by SQL", async () => {
  const { db, tenancy, acme: tenant } = await start();
  const use = (sql: string) => tenancy.run(tenant, async () => db.em().execute(sql));

  for (const sql of ["select load_extension('x')", "select readfile('/etc/passwd')"]) {
    await expect(use(sql)).rejects.toThrow(/not authorized|no such function/);
  }
});

it("F091: keeps a setting that one user makes from the next", async () => {
  const { db, tenancy, acme: tenant } = await start();
  const pragma = async (sql: string) => {
    const rows = await tenancy.run(tenant, () => db.em().execute<object[]>(`pragma ${sql}`));
    return Object.values(rows[0] ?? {})[0];
  };

  await pragma("foreign_keys = off");
  await tenancy.run(tenant, () =>
    db.em().transactional(async (em) => {
      await em.execute("pragma cache_size(10)");
      expect(await em.execute("pragma cache_size")).toEqual([{ cache_size: 10 }]);
    }),
  );

  expect([await pragma("foreign_keys"), await pragma("cache_size")]).toEqual([1, -512]);
  expect(await pragma("table_info(note)")).toBe(0);
});

it.each(statements("x"))("C047: %s is denied for the registry", async (_, sql) => {
  const path = join(temporaryFolder(), "registry.sqlite");
  const driver = await openRegistryFile(sqliteFiles(), path, () => new RangeError("busy"));
  onTestFinished(() => driver.destroy());

  const used = sqlRunner(await driver.acquireConnection())(sql);

  await expect(used).rejects.toThrow(UnscopedSqlError);
});

async function start(): Promise<Fleet> {
  const Plan = defineEntity({ name: "Plan", properties: { id: p.integer().primary() } });
  return startFleet({
    central: { file: join(temporaryFolder(), "app.sqlite"), entities: [Plan] },
  });
}
