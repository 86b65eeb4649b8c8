import { copyFileSync, existsSync, renameSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { acme, globex } from "@af-tenancy/testing";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

it.each<[string, (file: string) => void]>([
  ["moved", (file) => renameSync(file, `${file}.away`)],
  ["deleted", unlinkSync],
  [
    "replaced",
    (file) => {
      copyFileSync(file, `${file}.new`);
      renameSync(`${file}.new`, file);
    },
  ],
])("acknowledges nothing and reads nothing once the file was %s", async (_, take) => {
  const { registry, file } = await startRegistry();
  const find = async () => registry.store.find({ by: "slug", value: "acme" });
  await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
  await find();

  const amid = registry.transaction(async ({ tenants }) => {
    await tenants.insert(globex(), []);
    take(file);
  });

  const refused = { code: "REGISTRY_UNAVAILABLE", status: 503 };
  await expect(amid).rejects.toMatchObject(refused);
  await expect(find()).rejects.toMatchObject(refused);
  const after = registry.transaction(({ tenants }) => tenants.insert(globex(), []));
  await expect(after).rejects.toMatchObject(refused);
});

it("goes on once the file is back, and makes no empty one in its place", async () => {
  const { registry, file } = await startRegistry();
  await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
  renameSync(file, `${file}.away`);

  // The connection that reads has not been opened yet.
  const read = async () => registry.store.find({ by: "slug", value: "acme" });
  await expect(read()).rejects.toMatchObject({ code: "REGISTRY_UNAVAILABLE" });
  expect(existsSync(file)).toBe(false);
  renameSync(`${file}.away`, file);

  await registry.transaction(({ tenants }) => tenants.insert(globex(), []));
  await expect(read()).resolves.toEqual(acme());
});

async function startRegistry() {
  const file = join(temporaryFolder(), "registry.sqlite");
  const registry = sqliteRegistry({ file });
  onTestFinished(() => registry.close?.());
  await registry.start?.();
  return { registry, file };
}
