import { setTimeout } from "node:timers/promises";
import type { Tenant } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { rejectionCode } from "../suite/code-of.ts";
import { gate } from "../suite/gate.ts";
import { linesOf } from "./carried-text.ts";
import type { MakeDataSubject } from "./tenant-data-contract.ts";

/** Rows that cannot be are told, and nothing is written that should not be. */
export function refusedRowTests(make: MakeDataSubject, tenantColumn: string | undefined): void {
  it("S040: tells each row that the database refuses, and writes the others", async () => {
    const { globex, run, data, entities } = await make();
    const lines = [
      folder(1, "a"),
      folder(2, "b"),
      folder(1, "twice"),
      paper(1, { folder: 2 }),
      paper(2, { folder: 9 }),
      paper(3, { folder: 1 }),
    ];

    const { rows, issues } = await run(globex, () =>
      data.import({ format: "jsonl", from: lines, onInvalid: "skip" }),
    );

    expect(issues.map(({ line, code }) => [line, code])).toEqual([
      [3, "DUPLICATE"],
      [5, "MISSING_REFERENCE"],
    ]);
    expect(rows.Folder).toEqual({ inserted: 2, updated: 0, skipped: 0, invalid: 1 });
    expect(await run(globex, (em) => em.count(entities.Paper))).toBe(2);
  });

  it("S040: changes nothing when one row is wrong, nor by a trial", async () => {
    const site = await make();
    const { globex, run, data } = site;
    const many = Array.from({ length: 250 }, (_, index) => folder(index + 1, "a"));
    const wrong = { format: "jsonl", from: [...many, folder(1, "twice")] } as const;

    const code = await run(globex, () => rejectionCode(data.import(wrong)));
    await run(globex, () => data.import({ ...wrong, from: many, dryRun: true }));

    expect([code, await linesOf(site, globex)]).toEqual(["INVALID_ROW", ""]);
    await run(globex, () => rejectionCode(data.import({ ...wrong, atomic: false })));
    expect((await linesOf(site, globex)).trim().split("\n")).toHaveLength(200);
  });

  it("does with a key that is there already what it is told", async () => {
    const site = await make();
    const { globex, run, data } = site;
    const load = (name: string, onConflict: "skip" | "update") =>
      run(globex, () => data.import({ format: "jsonl", from: [folder(1, name)], onConflict }));

    await load("first", "skip");
    await load("second", "skip");
    const skipped = await linesOf(site, globex);
    await load("third", "update");

    expect(skipped).toContain('"first"');
    expect(await linesOf(site, globex)).toContain('"third"');
  });

  it("does so also with a key that another import writes meanwhile", async () => {
    const { globex, run, data, entities } = await make();
    const [begun, rest] = [gate(), gate()];
    async function* first() {
      yield folder(1, "first") + folder(2, "first") + folder(3, "first");
      begun.open();
      await rest.opened;
    }
    const from = [folder(2, "second"), folder(3, "second"), folder(4, "second")];

    const one = run(globex, () => data.import({ format: "jsonl", from: first(), batch: 1 }));
    await begun.opened;
    const other = run(globex, () =>
      data.import({ format: "jsonl", from, onConflict: "skip", onInvalid: "skip" }),
    );
    await Promise.race([other, setTimeout(300)]);
    rest.open();

    await one;
    const { rows, issues } = await other;
    expect(issues).toEqual([]);
    expect(rows.Folder).toEqual({ inserted: 1, updated: 0, skipped: 2, invalid: 0 });
    expect(await run(globex, (em) => em.count(entities.Folder, { name: "first" }))).toBe(3);
  });

  it("writes nothing of a tenant that may only be read, and gives nothing of a closed one", async () => {
    const site = await make();
    const { acme, globex, run, data } = site;
    const readOnly = { ...globex, access: "read-only" } as Tenant;
    const closed = { ...acme, access: "closed" } as Tenant;
    const from = (function* () {
      yield expect.unreachable("the file is read");
    })();

    const refused = await run(readOnly, () =>
      rejectionCode(data.import({ format: "jsonl", from })),
    );
    const copied = await rejectionCode(data.copy({ from: acme, to: readOnly }));
    const read = await rejectionCode(data.copy({ from: closed, to: globex }));
    const same = await rejectionCode(data.copy({ from: acme, to: acme }));

    expect([refused, copied, read, same]).toEqual([
      ...["TENANT_READ_ONLY", "TENANT_READ_ONLY", "TENANT_CLOSED", "INVALID_INPUT"],
    ]);
    expect(await linesOf(site, readOnly)).toBe("");
  });

  if (tenantColumn === undefined) return;

  it("F128: takes no tenant from a file, whatever its tenant column says", async () => {
    const site = await make();
    const { acme, globex, run, data } = site;
    const text = `id,name,${tenantColumn}\r\n1,a,${acme.id}\r\n2,b,${globex.id}\r\n3,c,\r\n`;

    const { rows } = await run(globex, () =>
      data.import({ format: "csv", entity: "Folder", from: [text] }),
    );

    expect([rows.Folder?.inserted, await linesOf(site, acme)]).toEqual([3, ""]);
    const row = { id: 4, name: "d", [tenantColumn]: acme.id };
    const from = [JSON.stringify({ entity: "Folder", row })];
    await run(globex, () => data.import({ format: "jsonl", from }));
    expect([await linesOf(site, acme), (await linesOf(site, globex)).match(/Folder/g)]).toEqual([
      "",
      ["Folder", "Folder", "Folder", "Folder"],
    ]);
  });
}

function folder(id: number, name: string): string {
  return `${JSON.stringify({ entity: "Folder", row: { id, name } })}\n`;
}

function paper(id: number, values: object): string {
  return `${JSON.stringify({ entity: "Paper", row: { id, title: "p", ...values } })}\n`;
}
