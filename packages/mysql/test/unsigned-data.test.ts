import { defineEntity, p } from "@mikro-orm/mysql";
import { expect, it } from "vitest";
import { startSharedTables } from "./start-shared-tables.ts";

const properties = { id: p.integer().primary(), size: p.bigint().unsigned() };

it("imports unsigned whole numbers up to 2^64, and tells those beyond it and those below 0", async () => {
  const Disk = defineEntity({ name: "Disk", properties });
  const { db, add, run, close } = await startSharedTables({ entities: [Disk] });
  const sizes = ["18446744073709551615", "0", "18446744073709551616", "-1"];
  const from = sizes.map((size, id) => `${JSON.stringify({ id: id + 1, size })}\n`);
  try {
    const acme = await add();

    const { rows, issues } = await run(acme, () =>
      db.data.import({ format: "jsonl", entity: "Disk", from, onInvalid: "skip" }),
    );

    expect(rows.Disk?.inserted).toBe(2);
    expect(issues.map(({ line, column, code }) => [line, column, code])).toEqual([
      [3, "size", "INVALID_VALUE"],
      [4, "size", "INVALID_VALUE"],
    ]);
  } finally {
    await close();
  }
});
