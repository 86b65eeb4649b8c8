import { expect, it } from "vitest";
import type { DatabaseRows, MakeDatabaseManager } from "./database-manager-harness.ts";

/** Checks that what is written in one database is read in that one only. */
export function rowTests(make: MakeDatabaseManager, given: DatabaseRows | undefined): void {
  const rows = (): DatabaseRows => {
    expect(given, "rows, or a reason in leftOut").toBeDefined();
    return given as DatabaseRows;
  };

  it("C020: keeps rows with the same primary key apart", async () => {
    const { write, read } = rows();
    const { manager, database } = await make();
    const [acme, globex] = [database(), database()];
    await manager.create(acme);
    await manager.create(globex);

    await write(acme, 1, "CANARY_acme");
    const before = await read(globex, 1);
    await write(globex, 1, "CANARY_globex");
    await write(globex, 2, "CANARY_globex_2");

    expect(before).toBeUndefined();
    expect(await read(acme, 1)).toBe("CANARY_acme");
    expect(await read(globex, 1)).toBe("CANARY_globex");
    expect(await read(acme, 2)).toBeUndefined();
  });

  it("keeps the rows when the database is made a second time", async () => {
    const { write, read } = rows();
    const { manager, database } = await make();
    const acme = database();
    await manager.create(acme);
    await write(acme, 1, "kept");

    await manager.create(acme);

    expect(await read(acme, 1)).toBe("kept");
  });

  it("F061: finds nothing of the old rows in a database that was dropped and made anew", async () => {
    const { write, read } = rows();
    const { manager, database } = await make();
    const acme = database();
    await manager.create(acme);
    await write(acme, 1, "old");

    await manager.drop(acme);
    await manager.create(acme);

    expect(await read(acme, 1)).toBeUndefined();
  });

  it("keeps the rows of another tenant when one database is dropped", async () => {
    const { write, read } = rows();
    const { manager, database } = await make();
    const [acme, globex] = [database(), database()];
    await manager.create(acme);
    await manager.create(globex);
    await write(globex, 1, "kept");

    await manager.drop(acme);

    expect(await read(globex, 1)).toBe("kept");
  });
}
