import { rmSync } from "node:fs";
import { PassThrough, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import type { PlacementStrategy } from "@af-tenancy/core";
import type { ExportOptions } from "@af-tenancy/database";
import { measuredProcess, testScale } from "@af-tenancy/testing";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { startData } from "./start-data.ts";

it("S147, F143: takes no more memory for a million rows than for ten thousand, out and in", {
  timeout: 60_000 + 1_800_000 * testScale() ** 2,
}, async () => {
  const script = new URL("../workers/carry-rows.ts", import.meta.url);
  const carry = async (rows: number) => {
    const folder = temporaryFolder();
    const process = await measuredProcess(script, folder, String(rows));
    rmSync(folder, { recursive: true, force: true });
    expect(process.lines).toEqual([String(rows)]);
    return process.peakRss;
  };

  const few = await carry(Math.ceil(10_000 * testScale() ** 2));
  const many = await carry(Math.ceil(1_000_000 * testScale() ** 3));

  expect(many / few).toBeLessThan(1.2);
});

it("S147: ends with its signal, with nothing changed, though nothing more arrives", async () => {
  const { db, tenancy, acme, entities } = await started();
  const abort = new AbortController();
  async function* stuck() {
    yield "id,name\n1,a\n";
    setImmediate(() => abort.abort(new DOMException("enough", "AbortError")));
    await new Promise(() => undefined);
  }
  const options = { format: "csv", entity: "Folder", from: stuck(), signal: abort.signal } as const;

  const imported = tenancy.run(acme, () => db.data.import(options));

  await expect(imported).rejects.toThrow("enough");
  expect(await tenancy.run(acme, () => db.em().count(entities.Folder))).toBe(0);
});

it("S147: a call gives requests and timers their turn after each page and batch", async () => {
  const { db, tenancy, acme, globex, entities } = await started();
  const lines = Array.from({ length: 450 }, (_, id) => `${JSON.stringify({ id, name: "a" })}\n`);
  const told: string[] = [];
  const onProgress = ({ rows }: { readonly rows: number }) => {
    told.push(`${rows} rows`);
    setImmediate(() => told.push("turn"));
  };
  const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  const where = { Folder: { id: { $lt: 40 } } };

  await tenancy.run(acme, () =>
    db.data.import({ format: "jsonl", entity: "Folder", from: lines, onProgress }),
  );
  await turnOfTheLoop();
  const imported = told.splice(0);
  await db.data.copy({ from: acme, to: globex, where, onProgress });
  const copied = told.splice(0);
  const options = { format: "jsonl", to: nowhere(), where, onProgress } as const;
  await tenancy.run(acme, () => db.data.export(options));

  expect(imported).toEqual(["200 rows", "turn", "400 rows", "turn", "450 rows", "turn"]);
  expect(copied).toEqual(["16 rows", "turn", "40 rows", "turn"]);
  expect(told).toEqual(["16 rows", "turn", "40 rows", "turn"]);
  expect(await tenancy.run(globex, () => db.em().count(entities.Folder))).toBe(40);
});

it("F143: stops an export whose reader is gone or which has more rows than it may", async () => {
  const { db, tenancy, acme, entities } = await started();
  const rows = Array.from({ length: 100 }, (_, id) => ({ id, name: "a".repeat(250) }));
  await tenancy.run(acme, () => db.em().insertMany(entities.Folder, rows as never));
  const gone = new Writable({ highWaterMark: 1, write: () => setImmediate(() => gone.destroy()) });
  const kept = new PassThrough();

  const cut = tenancy.run(acme, () => db.data.export({ format: "jsonl", to: gone }));
  await expect(cut).rejects.toMatchObject({ code: "ERR_STREAM_PREMATURE_CLOSE" });
  const limited = tenancy.run(acme, () =>
    db.data.export({ format: "jsonl", to: kept, maxRows: 99 }),
  );
  const read = text(kept).catch((error: unknown) => error);

  await expect(limited).rejects.toMatchObject({ code: "DATA_LIMIT", status: 413 });
  expect(await read).toMatchObject({ code: "DATA_LIMIT" });
  expect(await tenancy.run(acme, () => db.em().count(entities.Folder))).toBe(100);
});

it("F143: writes no faster than its reader takes, and ends with it or with its signal", async () => {
  const { db, tenancy, acme, entities } = await started();
  const rows = Array.from({ length: 100 }, (_, id) => ({ id, name: "a" }));
  await tenancy.run(acme, () => db.em().insertMany(entities.Folder, rows as never));
  const exported = (options: Pick<ExportOptions, "to" | "signal" | "onProgress">) =>
    tenancy.run(acme, () => db.data.export({ format: "jsonl", ...options }));
  const waiting: number[] = [];
  const slow: Writable = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _, done) {
      waiting.push(slow.writableLength - chunk.length);
      setImmediate(done);
    },
  });

  await exported({ to: slow });
  const closed = new PassThrough({ highWaterMark: 1_000_000 });
  const left = exported({ to: closed, onProgress: () => void closed.destroy() });
  await expect(left).rejects.toMatchObject({ code: "ERR_STREAM_PREMATURE_CLOSE" });
  const [abort, open] = [new AbortController(), new PassThrough({ highWaterMark: 1_000_000 })];
  open.on("error", () => undefined);
  const onProgress = () => abort.abort(new DOMException("enough", "AbortError"));
  const stopped = exported({ to: open, signal: abort.signal, onProgress });
  await expect(stopped).rejects.toThrow("enough");

  expect(waiting).toEqual([0, 0, 0]);
  expect(open.destroyed).toBe(true);
});

it("F143: holds few rows at a time, and fewer of large ones", async () => {
  const { db, tenancy, acme, globex, entities } = await started();
  const small = Array.from({ length: 2_000 }, (_, id) => ({ id, name: "a" }));
  await tenancy.run(acme, () => db.em().insertMany(entities.Folder, small as never));
  const told: number[] = [];
  const onProgress = ({ rows }: { readonly rows: number }) => void told.push(rows);
  const steps = () => {
    const ends = told.splice(0);
    return ends.map((end, index) => end - (ends[index - 1] ?? 0));
  };
  const large = Array.from({ length: 30 }, (_, id) => `${id},${"a".repeat(60_000)}\n`);

  await tenancy.run(acme, () =>
    db.data.export({ format: "jsonl", to: new PassThrough().resume(), onProgress }),
  );
  const pages = steps();
  await tenancy.run(globex, () =>
    db.data.import({ format: "csv", entity: "Folder", from: ["id,name\n", ...large], onProgress }),
  );
  const batches = steps();
  await tenancy.run(globex, () =>
    db.data.export({ format: "jsonl", to: new PassThrough().resume(), onProgress }),
  );

  expect(Math.max(...pages)).toBe(512);
  expect(Math.max(...batches)).toBe(5);
  expect(steps().slice(0, 3)).toEqual([16, 4, 4]);
});

it("S038: stops a copy that has more rows than it may, or whose signal is aborted", async () => {
  const { db, tenancy, acme, globex, entities } = await started();
  const rows = Array.from({ length: 100 }, (_, id) => ({ id, name: "a" }));
  await tenancy.run(acme, () => db.em().insertMany(entities.Folder, rows as never));
  const between = { from: acme, to: globex, onConflict: "skip" } as const;
  const abort = new AbortController();
  const onProgress = () => abort.abort(new DOMException("enough", "AbortError"));

  const cut = db.data.copy({ ...between, signal: abort.signal, onProgress });
  await expect(cut).rejects.toThrow("enough");
  const first = await tenancy.run(globex, () => db.em().count(entities.Folder));
  const limited = db.data.copy({ ...between, maxRows: 99 });
  await expect(limited).rejects.toMatchObject({ code: "DATA_LIMIT", status: 413 });
  const finished = await db.data.copy(between);

  expect(first).toBe(16);
  expect(finished.rows.Folder?.skipped).toBeGreaterThan(16);
  expect(await tenancy.run(globex, () => db.em().count(entities.Folder))).toBe(100);
});

it("tells how far it is, a page and a batch at a time", async () => {
  const { db, tenancy, acme, globex } = await started();
  const lines = Array.from({ length: 450 }, (_, id) => `${JSON.stringify({ id, name: "a" })}\n`);
  const told: number[] = [];
  const onProgress = ({ rows }: { readonly rows: number }) => void told.push(rows);

  await tenancy.run(acme, () =>
    db.data.import({ format: "jsonl", entity: "Folder", from: lines, onProgress }),
  );
  const imported = told.splice(0);
  await db.data.copy({ from: acme, to: globex, onProgress });

  expect(imported).toEqual([200, 400, 450]);
  expect(told[0]).toBe(16);
  expect(told.at(-1)).toBe(450);
});

it("S038: copies between strategies, from keys that no number can tell apart", async () => {
  const { db, tenancy, add, entities } = await started("row", "database");
  const [shared, own] = [await add(), await add({ strategy: "database" })];
  const papers = Array.from({ length: 40 }, (_, id) => ({
    ...{ id, title: "t", views: 2n ** 62n + BigInt(id) },
  }));
  await tenancy.run(shared as never, () => db.em().insertMany(entities.Paper, papers as never));

  await db.data.copy({ from: shared, to: own });

  const to = new PassThrough();
  const exported = tenancy.run(own as never, () => db.data.export({ format: "jsonl", to }));
  const [found] = await Promise.all([text(to), exported]);
  const views = found
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).row.views);
  expect(views).toEqual(papers.map((paper) => String(paper.views)));
});

async function started(...strategies: readonly PlacementStrategy[]) {
  const site = await startData(...(strategies.length > 0 ? strategies : ["database" as const]));
  onTestFinished(site.close);
  return { ...site, acme: (await site.add()) as never, globex: (await site.add()) as never };
}
