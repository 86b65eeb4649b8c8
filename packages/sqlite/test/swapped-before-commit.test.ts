import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { TenantRecord } from "@af-tenancy/core";
import { statement } from "@af-tenancy/database";
import { expect, it } from "vitest";
import type { NativeSqlite } from "../src/native-sqlite.ts";
import { openTenantFile } from "../src/open-file.ts";
import { sqliteFiles } from "../src/sqlite-files.ts";
import type { JournalMode } from "../src/sqlite-options.ts";
import { TenantFile } from "../src/tenant-file.ts";
import { Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";

/** What happens to the open file of `acme`, and what its transaction answers. */
const swaps: readonly [string, (paths: Paths) => void, string][] = [
  ["deleted", ({ own }) => rmSync(own), "DATABASE_UNAVAILABLE"],
  ["swapped for its backup", swapFor("backup"), "DATABASE_UNAVAILABLE"],
  ["swapped for another tenant's", swapFor("other"), "DATABASE_UNAVAILABLE"],
  [
    "copied over with another tenant's",
    ({ own, other }) => copyFileSync(other, own),
    "DATABASE_MISMATCH",
  ],
];
const journalModes: readonly JournalMode[] = ["delete", "wal"];
const cases = swaps.flatMap((swap) => journalModes.map((mode) => [...swap, mode] as const));

it.each(cases)(
  "acknowledges no commit into a file that was %s since the last statement (%#)",
  async (_, swap, code, journalMode) => {
    const fleet = await startFleet({ journalMode });
    const { db, tenancy, acme } = fleet;
    const paths = await pathsOf(fleet);

    const committing = tenancy.run(acme, () =>
      db.em().transactional(async (em) => {
        await em.insert(Note, { id: 2, text: "lost" });
        await setTimeout(clockTick);
        swap(paths);
      }),
    );

    await expect(committing).rejects.toMatchObject({ code });
    const left = [paths.own, `${paths.own}-wal`].filter((path) => existsSync(path));
    expect(left.filter((path) => readFileSync(path).includes("lost"))).toEqual([]);
  },
);

it.each<[string, (opened: Opened, remove: () => void) => Promise<unknown>]>([
  [
    "a transaction",
    async ({ driver, connection, native }, remove) => {
      await driver.beginTransaction(connection, {});
      await connection.executeQuery(statement("insert into note (id, text) values (2, 'lost')"));
      afterwards(native, "commit", remove);
      await driver.commitTransaction();
    },
  ],
  [
    "a statement without one",
    ({ connection, native }, remove) => {
      (native as unknown as WithFunctions).function("removed", () => {
        remove();
        return 1;
      });
      return connection.executeQuery(
        statement("insert into note (id, text) values (2, removed())"),
      );
    },
  ],
])("does not acknowledge %s whose file is deleted while it is written", async (_, write) => {
  const fleet = await startFleet({ journalMode: "wal" });
  const { own } = await pathsOf(fleet);
  await fleet.db.close?.();
  await fleet.db.start?.();
  const opened = await open(fleet, fleet.acme, "wal");

  const writing = write(opened, () => rmSync(own));

  await expect(writing).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  expect(opened.driver.isClean).toBe(true);
  await opened.driver.destroy();
});

it("acknowledges a commit after which another process has the file at once", async () => {
  const fleet = await startFleet();
  const { own } = await pathsOf(fleet);
  await fleet.db.close?.();
  await fleet.db.start?.();
  const { driver, connection, native } = await open(fleet, fleet.acme);
  const other = sqliteFiles().open(own, { mustExist: true });
  await driver.beginTransaction(connection, {});
  await connection.executeQuery(statement("insert into note (id, text) values (2, 'kept')"));
  await setTimeout(clockTick);
  afterwards(native, "commit", () => other.exec("begin exclusive"));

  await driver.commitTransaction();

  const [row] = other.prepare("select count(*) as notes from note").all([]);
  expect(row).toEqual({ notes: 2 });
  other.close();
  await driver.destroy();
});

it("lets a transaction that only read end, whatever became of the file since", async () => {
  const fleet = await startFleet();
  const { db, tenancy, acme } = fleet;
  const { own } = await pathsOf(fleet);

  const count = await tenancy.run(acme, () =>
    db.em().transactional(async (em) => {
      const found = await em.count(Note);
      rmSync(own);
      return found;
    }),
  );

  expect(count).toBe(1);
});

/** Longer than a file system's clock takes to tick. */
const clockTick = 20;

interface Paths {
  readonly own: string;
  readonly other: string;
  readonly backup: string;
}

/** What `better-sqlite3` offers beside what is used of it. */
interface WithFunctions {
  function(name: string, work: () => number): void;
}

type Opened = Awaited<ReturnType<typeof open>>;

/** Gives both tenants a note, and `acme` a backup. */
async function pathsOf({ db, tenancy, folder, acme, globex }: Fleet): Promise<Paths> {
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
  }
  const path = ({ placement }: TenantRecord) => join(folder, `${placement?.name}.sqlite`);
  const [own, other, backup] = [path(acme), path(globex), join(folder, "backup")];
  copyFileSync(own, backup);
  return { own, other, backup };
}

function swapFor(which: "other" | "backup"): (paths: Paths) => void {
  return (paths) => {
    copyFileSync(paths[which], `${paths.own}.new`);
    renameSync(`${paths.own}.new`, paths.own);
  };
}

async function open(
  { folder }: Fleet,
  { id, placement }: TenantRecord,
  journalMode: JournalMode = "delete",
) {
  if (placement === undefined) return expect.unreachable();
  const files = sqliteFiles();
  let native: NativeSqlite | undefined;
  const watched = {
    ...files,
    open(...given: Parameters<typeof files.open>) {
      native = files.open(...given);
      return native;
    },
  };
  const file = new TenantFile(folder, placement.name);
  const driver = await openTenantFile(watched, file, { tenantId: id, placement }, journalMode);
  if (native === undefined) return expect.unreachable();
  return { driver, native, connection: await driver.acquireConnection() };
}

/** Has something done as soon as a command was executed. */
function afterwards(native: NativeSqlite, command: string, work: () => void): void {
  const exec = native.exec.bind(native);
  native.exec = (sql) => {
    exec(sql);
    if (sql === command) work();
  };
}
