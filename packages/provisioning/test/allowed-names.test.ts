import { join } from "node:path";
import {
  createTenancy,
  InvalidInputError,
  memoryDatabases,
  NameReservedError,
  type TenancyParts,
} from "@af-tenancy/core";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ProvisioningOptions, provisioning, reservedNames } from "../src/index.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const central = ["example.com", "console.example.com", "admin.notes.org", "*.ops.example.com"];

async function start(options: ProvisioningOptions = {}, parts: Partial<TenancyParts> = {}) {
  const tenancy = createTenancy({
    registry: sqliteRegistry({ file: join(await temporaryFolder(), "registry.sqlite") }),
    databases: memoryDatabases(),
    provisioning: provisioning(options),
    central,
    ...parts,
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return tenancy;
}

describe("names that are not for tenants", () => {
  it("F027: are refused with 409 as slugs and below central names, before anything is written", async () => {
    const { tenants, store } = await start();

    for (const name of ["www", "api", "admin", "mail", "_dmarc", "WWW", "console"]) {
      const asked = tenants.create({ slug: name, database: false });
      await expect(asked, name).rejects.toThrow(NameReservedError);
      await expect(asked, name).rejects.toMatchObject({ code: "NAME_RESERVED", status: 409 });
    }
    for (const domain of [
      "example.com",
      "EXAMPLE.com.",
      "console.example.com",
      "www.example.com",
      "_dmarc.example.com",
      "*.example.com",
      "*.notes.org",
      "*.admin.notes.org",
      "eu.ops.example.com",
      "*.ops.example.com",
    ]) {
      const asked = tenants.create({
        slug: "acme",
        domains: ["acme.com", domain],
        database: false,
      });
      await expect(asked, domain).rejects.toThrow(NameReservedError);
    }
    for await (const { slug } of store.list()) expect.unreachable(slug);
  });

  it("F027: are refused on update, adoption, cloning and pulling too", async () => {
    const { tenants } = await start();
    const acme = await tenants.create({ slug: "acme", database: false });
    const reserved = { slug: "www", database: false };

    await expect(tenants.update(acme, { slug: "www" })).rejects.toThrow(NameReservedError);
    await expect(tenants.update(acme, { domains: ["example.com"] })).rejects.toThrow(
      NameReservedError,
    );
    await expect(tenants.adopt(reserved as never)).rejects.toThrow(NameReservedError);
    await expect(tenants.clone(acme, { slug: "www" })).rejects.toThrow(NameReservedError);
    await expect(tenants.pending.pull({ slug: "www" })).rejects.toThrow(NameReservedError);
    expect(await tenants.domains(acme)).toEqual([]);
  });

  it("F027: leave alike names and tenants' own domains alone", async () => {
    const { tenants } = await start();
    const domains = [
      "www.acme.com",
      "mail.acme.com",
      "*.acme.com",
      "*.shop.acme.example.com",
      "notexample.com",
      "www.x.example.com",
    ];

    const acme = await tenants.create({ slug: "www2", domains, database: false });

    expect((await tenants.domains(acme)).map(({ name }) => name)).toEqual(domains);
  });

  it("are the application's choice", async () => {
    const { tenants } = await start({ reserved: [...reservedNames, "shop"] });
    const { tenants: others } = await start({ reserved: [] });

    await expect(tenants.create({ slug: "shop", database: false })).rejects.toThrow(
      NameReservedError,
    );
    await expect(others.create({ slug: "www", database: false })).resolves.toBeDefined();
  });
});

describe("domains of tenants", () => {
  it.each(["*.co.uk", "*.github.io", "*.com.br"])(
    "F027: are no wildcard over everybody's: %s",
    async (domain) => {
      const { tenants } = await start();

      const asked = tenants.create({ slug: "acme", domains: [domain], database: false });

      await expect(asked).rejects.toThrow(InvalidInputError);
      await expect(asked).rejects.toThrow("everybody's domains");
    },
  );

  it("F023: do not mix scripts, unless that is allowed", async () => {
    const domains = ["xn--pypal-4ve.com"];
    const { tenants } = await start();
    const { tenants: lenient } = await start({ mixedScripts: true });

    const asked = tenants.create({ slug: "acme", domains, database: false });

    await expect(asked).rejects.toThrow(InvalidInputError);
    await expect(asked).rejects.toThrow("mixes scripts");
    await expect(lenient.create({ slug: "acme", domains, database: false })).resolves.toBeDefined();
    await expect(
      tenants.create({ slug: "acme", domains: ["xn--bcher-kva.com"], database: false }),
    ).resolves.toBeDefined();
  });
});

it.each([
  ["provisioning.reserved", { reserved: "www" }],
  ["provisioning.reserved", { reserved: ["WWW"] }],
  ["provisioning.mixedScripts", { mixedScripts: "yes" }],
])("refuses options that cannot be right: %s", (key, options) => {
  expect(() => provisioning(options as never)).toThrow(`Option "${key}"`);
});
