import { readdirSync } from "node:fs";
import { createTenancy, memoryRegistry } from "@af-tenancy/core";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { provisioning } from "../src/index.ts";
import { Note } from "./support/database-sites.ts";
import { noSmallDisk, smallDisk } from "./support/small-disk.ts";
import { codeThrownBy, thrownBy } from "./support/thrown-by.ts";

const noDisk = noSmallDisk();
const title = noDisk === undefined ? "" : ` (skipped: ${noDisk})`;

function fullSoon(bytes: number) {
  const disk = smallDisk(bytes);
  onTestFinished(() => disk.remove());
  return disk;
}

it.skipIf(noDisk)(
  `F065: a full disk below the tenants' files fails a step, keeps no part of a file, and others are read${title}`,
  async () => {
    const disk = fullSoon(256 << 10);
    const folder = `${disk.folder}/tenants`;
    const db = sqlite({ folder, entities: [Note] });
    const registry = memoryRegistry();
    const tenancy = createTenancy({ registry, databases: db, provisioning: provisioning() });
    await tenancy.start();
    onTestFinished(() => tenancy.close());
    const globex = await tenancy.tenants.create({ slug: "globex" });
    await tenancy.run(globex, () => db.em().insert(Note, { id: 1, text: "kept" }));
    const files = readdirSync(folder, { recursive: true });
    disk.fill();

    const thrown = await thrownBy(() => tenancy.tenants.create({ slug: "acme" }));

    expect(thrown).toMatchObject({
      ...{ code: "PROVISIONING_FAILED", step: "database" },
      cause: { code: "DATABASE_UNAVAILABLE", transient: false, cause: { code: "ENOSPC" } },
    });
    expect(await tenancy.find({ by: "slug", value: "acme" })).toMatchObject({ status: "failed" });
    expect(readdirSync(folder, { recursive: true })).toEqual(files);
    const notes = await tenancy.run(globex, () => db.em().findAll(Note));
    expect(notes).toMatchObject([{ id: 1, text: "kept" }]);
    disk.free();
    expect(await tenancy.tenants.repair()).toMatchObject({ finished: [{ state: "done" }] });
  },
);

it.skipIf(noDisk)(
  `F065: a full disk below the registry refuses a tenant before anything of it is there, and others are found${title}`,
  async () => {
    const [central, tenants] = [fullSoon(4 << 20), fullSoon(1 << 20)];
    const registry = sqliteRegistry({ file: `${central.folder}/registry.sqlite` });
    const db = sqlite({ folder: tenants.folder, entities: [Note] });
    const tenancy = createTenancy({ registry, databases: db, provisioning: provisioning() });
    await tenancy.start();
    onTestFinished(() => tenancy.close());
    const globex = await tenancy.tenants.create({ slug: "globex" });
    const files = readdirSync(tenants.folder, { recursive: true });
    central.fill();

    expect(await codeThrownBy(() => tenancy.tenants.create({ slug: "acme" }))).toBe(
      "REGISTRY_UNAVAILABLE",
    );

    expect(readdirSync(tenants.folder, { recursive: true })).toEqual(files);
    expect(await tenancy.find({ by: "id", value: globex.id })).toMatchObject({ status: "active" });
    central.free();
    expect(await tenancy.tenants.create({ slug: "acme" })).toMatchObject({ status: "active" });
  },
);
