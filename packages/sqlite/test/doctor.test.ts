import { chmodSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "@af-tenancy/database";
import { type SqliteOptions, sqlite } from "@af-tenancy/sqlite";
import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const examine = (options: Partial<SqliteOptions> & { readonly folder: string }) =>
  sqlite({ entities: [Note], ...options }).doctor({ tenants: [] });

it("finds nothing where tenants are served as they should be", async () => {
  const { db } = await startFleet();

  await expect(db.doctor()).resolves.toEqual([]);
});

it("finds nothing before the first tenant, whose folder is still to be made", async () => {
  const findings = await examine({ folder: join(temporaryFolder(), "data", "tenants") });

  expect(findings).toEqual([]);
});

it.each([
  ["one that takes no files", "/proc"],
  ["one below a file", `${import.meta.filename}/tenants`],
])("finds a folder that cannot be written in: %s", async (_, folder) => {
  expect(await examine({ folder })).toEqual([finding("sqlite/folder-not-writable", folder)]);
});

it("finds a folder and a file in which everybody may write", async () => {
  const { db, folder, globex } = await startFleet();
  const file = join(folder, `${globex.placement?.name}.sqlite`);
  chmodSync(folder, 0o777);
  chmodSync(file, 0o666);

  const findings = await db.doctor();

  const check = "sqlite/open-to-others";
  expect(findings).toEqual([finding(check, folder), finding(check, file)]);
});

it("follows a link to the folder, and none in it: what that leads to lies elsewhere", async () => {
  const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
  const link = join(elsewhere, "tenants");
  symlinkSync(folder, link);
  writeFileSync(join(elsewhere, "open"), "");
  chmodSync(join(elsewhere, "open"), 0o666);
  symlinkSync(join(elsewhere, "open"), join(folder, "link"));

  const before = await examine({ folder: link });
  chmodSync(folder, 0o777);
  const after = await examine({ folder: link });

  expect([before, after]).toEqual([[], [finding("sqlite/open-to-others", link)]]);
});

it("finds a journal that lost its file, and none that has it", async () => {
  const { db, folder, acme } = await startFleet();
  writeFileSync(join(folder, `${acme.placement?.name}.sqlite-journal`), "");
  writeFileSync(join(folder, "t_initech_g1.sqlite-wal"), "");

  const findings = await db.doctor();

  const orphan = join(folder, "t_initech_g1.sqlite-wal");
  expect(findings).toEqual([finding("sqlite/orphaned-journal", orphan)]);
});

it("finds what was begun long ago, and nothing that is being made now", async () => {
  const { db, folder } = await startFleet();
  const old = join(folder, ".drafts", "t_initech_g1~1");
  writeFileSync(join(folder, ".drafts", "t_initech_g1~2"), "");
  writeFileSync(old, "");
  utimesSync(old, new Date(0), new Date(0));

  const findings = await db.doctor();

  expect(findings).toEqual([finding("sqlite/abandoned-draft", old, "warning")]);
});

it("finds more open files than the process may have, and counts a WAL as two more", async () => {
  const folder = temporaryFolder();
  const check = "sqlite/open-files-limit";

  const many = await examine({ folder, maxOpen: 2 ** 40 });
  const message = (await examine({ folder, maxOpen: 2 ** 40, journalMode: "wal" }))[0]?.message;

  expect(many).toEqual([finding(check, "this process")]);
  expect(message).toContain(String(3 * 2 ** 40 + 100));
});

/** One finding, whatever it says. */
function finding(check: string, subject: string, severity: Finding["severity"] = "error"): Finding {
  const text = expect.any(String);
  return { check, severity, subject, message: text, remedy: text };
}
