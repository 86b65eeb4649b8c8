import { createTenancy, type Tenancy, type TenantRecord } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { provisioning } from "../src/index.ts";
import { type Engine, locationOf, siteIn, withSite } from "./crash/engine.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { whyNot } from "./crash/why-not.ts";
import { thrownBy } from "./support/thrown-by.ts";

const noPostgresql = await whyNot(() => onPostgresql("select 1"));
const noMariadb = await whyNot(() => onMariadb("select 1"));

describe("a clone that would not be one", () => {
  it.skipIf(noPostgresql)(
    "S039: is refused where the source has a table that a new tenant has not, and made once it is gone",
    { timeout: 60_000 },
    () =>
      withTenancy("postgresql-schema", async ({ tenancy, schema, central }) => {
        await onPostgresql(`create table "${schema}".extra (id int)`, central);

        const thrown = await thrownBy(() => tenancy.tenants.clone("acme", { slug: "copy" }));
        expect(thrown).toMatchObject({ step: "copy", cause: { code: "CLONE_REFUSED" } });
        expect(String((thrown as Error).cause)).toMatch(/see "extra"/);
        expect(await tenancy.find({ by: "slug", value: "copy" })).toMatchObject({
          status: "failed",
        });
        await onPostgresql(`drop table "${schema}".extra`, central);

        const { finished, swept } = await tenancy.tenants.repair();
        expect(finished).toMatchObject([{ kind: "clone", state: "done" }]);
        expect(swept).toHaveLength(1);
      }),
  );

  it.skipIf(noMariadb)(
    "S039: is refused where a trigger would change what is inserted",
    { timeout: 60_000 },
    () =>
      withTenancy("mariadb-row", async ({ tenancy, shared }) => {
        await onMariadb(
          `create trigger ${shared}.loud before insert on ${shared}.note for each row set new.text = upper(new.text)`,
        );

        const thrown = await thrownBy(() => tenancy.tenants.clone("acme", { slug: "copy" }));
        expect(String((thrown as Error).cause)).toMatch(/the trigger "loud" may change rows/);
      }),
  );
});

function withTenancy(
  engine: Engine,
  work: (site: {
    readonly tenancy: Tenancy<TenantRecord>;
    readonly schema: string;
    readonly central: string;
    readonly shared: string;
  }) => Promise<void>,
): Promise<void> {
  return withSite(engine, async (folder) => {
    const site = siteIn(folder);
    const { tag } = locationOf(folder);
    const parts = { registry: site.registry(), databases: site.databases(500) };
    const generateId = () => `${tag}copy`;
    const tenancy = createTenancy({ ...parts, provisioning: provisioning({ generateId }) });
    await tenancy.start();
    const { placement } = await tenancy.tenants.create({ slug: "acme", id: "acme" });
    const names = { central: `${tag}_central`, shared: `${tag}_shared` };
    await work({ tenancy, schema: placement?.name ?? "", ...names });
    await tenancy.close();
  });
}
