import { Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { gate } from "../suite/gate.ts";
import { linesOf } from "./carried-text.ts";
import { insertSamples } from "./sample-rows.ts";
import type { MakeDataSubject } from "./tenant-data-contract.ts";

/** What goes out comes in again, and to nobody else. */
export function carryTests(make: MakeDataSubject): void {
  it("S147: reads page after page, and has keys handed out beyond what it wrote", async () => {
    const site = await make();
    const { acme, globex, run, data, entities } = site;
    const rows = Array.from({ length: 90 }, (_, index) => ({ id: index * 2 + 1, name: "f" }));
    await run(acme, (em) => em.insertMany(entities.Folder, rows));
    await run(acme, (em) => em.nativeUpdate(entities.Folder, { id: 1 }, { parent: 179 }));
    const lines = await linesOf(site, acme);

    await run(globex, () => data.import({ format: "jsonl", from: [lines] }));

    expect([lines.trim().split("\n").length, await linesOf(site, globex)]).toEqual([91, lines]);
    await run(globex, (em) => em.insert(entities.Folder, { name: "next" }));
    await run(acme, (em) => em.insert(entities.Folder, { id: 180, name: "other" }));
    expect(await run(globex, (em) => em.count(entities.Folder, { id: { $gt: 179 } }))).toBe(1);
  });

  it("keeps tenants with the same keys apart while both are under way", async () => {
    const site = await make();
    const { acme, globex, run, data } = site;
    await run(acme, (em) => insertSamples(em, site, "acme"));
    await run(globex, (em) => insertSamples(em, site, "globex"));
    const [expected, initech] = [await linesOf(site, globex), await site.add()];
    const { to, pieces, begun, rest } = heldStream();

    const exporting = run(acme, () => data.export({ format: "jsonl", to, snapshot: false }));
    await begun.opened;
    await run(initech, () => data.import({ format: "jsonl", from: [expected] }));
    rest.open();
    await exporting;

    expect(pieces.join("")).toBe(await linesOf(site, acme));
    expect(await linesOf(site, initech)).toBe(expected);
    expect(pieces.join("")).not.toContain("globex");
  });

  it("S040: gives everything as of one moment, whatever is written meanwhile", async () => {
    const { acme, run, data, entities } = await make();
    const rows = Array.from({ length: 40 }, (_, index) => ({ id: index + 1, name: "early" }));
    await run(acme, (em) => em.insertMany(entities.Folder, rows));
    const { to, pieces, begun, rest } = heldStream();

    const exporting = run(acme, () => data.export({ format: "jsonl", to }));
    await begun.opened;
    // Where a tenant has one connection this waits for the export.
    const written = run(acme, (em) =>
      em.nativeUpdate(entities.Folder, { id: { $gt: 30 } }, { name: "late" }),
    );
    await Promise.race([written, setTimeout(100)]);
    rest.open();

    expect((await exporting).rows.Folder).toBe(40);
    expect(await written).toBe(10);
    expect(pieces.join("")).not.toContain("late");
  });

  it("S038: copies what is selected to another tenant, and changes nothing of the first", async () => {
    const site = await make();
    const { acme, globex, run, data, entities } = site;
    await run(acme, (em) => insertSamples(em, site, "acme"));
    const before = await linesOf(site, acme);
    const selected = { from: acme, to: globex, entities: ["Folder", "Paper"] };

    const { rows } = await data.copy({ ...selected, where: { Paper: { folder: { $ne: null } } } });
    const again = await data.copy({ from: acme, to: globex, onConflict: "skip" });

    expect([rows.Folder?.inserted, rows.Paper?.inserted, rows.Page]).toEqual([2, 1, undefined]);
    expect([again.rows.Paper?.skipped, again.rows.Paper?.inserted]).toEqual([1, 1]);
    expect([again.rows.Page?.inserted, again.issues]).toEqual([2, []]);
    expect([await linesOf(site, globex), await linesOf(site, acme)]).toEqual([before, before]);
    await run(globex, (em) => em.nativeUpdate(entities.Folder, { id: 2 }, { name: "changed" }));
    expect(await linesOf(site, acme)).toBe(before);
    await data.copy({ ...selected, onConflict: "update" });
    expect(await linesOf(site, globex)).toBe(before);
    await run(globex, (em) => em.insert(entities.Folder, { name: "next" }));
    expect(await run(globex, (em) => em.count(entities.Folder))).toBe(3);
  });
}

/** A stream that tells when it gets its first piece, and takes no other until `rest` is opened. */
function heldStream() {
  const [begun, rest] = [gate(), gate()];
  const pieces: string[] = [];
  const to = new Writable({
    highWaterMark: 1,
    async write(chunk, _, done) {
      pieces.push(String(chunk));
      begun.open();
      await rest.opened;
      done();
    },
  });
  return { to, pieces, begun, rest };
}
