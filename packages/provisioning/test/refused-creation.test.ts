import { randomBytes } from "node:crypto";
import { createTenancy, memoryRegistry, type TenantDatabases } from "@af-tenancy/core";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { describe, expect, it, onTestFinished } from "vitest";
import { provisioning } from "../src/index.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { noteEntity } from "./crash/note.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { whyNot } from "./crash/why-not.ts";
import { maria, postgres, serverOf } from "./life/registry-sites.ts";
import { thrownBy } from "./support/thrown-by.ts";
import { watchedDatabases } from "./support/watched-databases.ts";

const user = `aft_${randomBytes(4).toString("hex")}`;
const password = "no-rights";
const common = { entities: [noteEntity()] };

const servers = [
  {
    name: "PostgreSQL",
    missing: await whyNot(() => onPostgresql("select 1")),
    make: () => onPostgresql(`create role ${user} login password '${password}'`),
    remove: () => onPostgresql(`drop role ${user}`),
    databases: (): TenantDatabases =>
      postgresql({ connection: { ...serverOf(postgres), user, password }, ...common }),
    named: (name: string) => onPostgresql(`select 1 from pg_database where datname = '${name}'`),
  },
  {
    name: "MariaDB",
    missing: await whyNot(() => onMariadb("select 1")),
    make: () => onMariadb(`create user '${user}'@'%' identified by '${password}'`),
    remove: () => onMariadb(`drop user '${user}'@'%'`),
    databases: (): TenantDatabases =>
      mysql({
        ...{ connection: { ...serverOf(maria), user, password }, flavour: "mariadb" },
        ...common,
      }),
    named: (name: string) =>
      onMariadb(`select 1 from information_schema.schemata where schema_name = '${name}'`),
  },
];

describe.each(servers)("on $name", ({ name, missing, make, remove, databases, named }) => {
  const title = missing === undefined ? "" : ` (skipped: ${missing})`;

  it.skipIf(missing)(
    `F064: a creation by a user without rights fails at once, at its step, and ${name} has nothing of it${title}`,
    async () => {
      await make();
      onTestFinished(async () => void (await remove()));
      const tried: string[] = [];
      const tenancy = createTenancy({
        registry: memoryRegistry(),
        databases: watchedDatabases(databases(), { before: (call) => void tried.push(call) }),
        provisioning: provisioning(),
      });
      onTestFinished(() => tenancy.close());

      const thrown = await thrownBy(() => tenancy.tenants.create({ slug: "acme" }));

      expect(thrown).toMatchObject({
        ...{ code: "PROVISIONING_FAILED", step: "database" },
        cause: { code: "DATABASE_REFUSED" },
      });
      expect(tried).toEqual(["create"]);
      const acme = await tenancy.find({ by: "slug", value: "acme" });
      expect(acme).toMatchObject({ status: "failed" });
      expect(await named(acme?.placement?.name ?? "")).toEqual([]);
    },
  );
});
