import { expect, it } from "vitest";
import { csvOf, linesOf } from "./carried-text.ts";
import { insertSamples } from "./sample-rows.ts";
import type { MakeDataSubject } from "./tenant-data-contract.ts";
import type { TenantDataHarness } from "./tenant-data-harness.ts";

/** What goes out comes in as it was. */
export function valueTests(
  make: MakeDataSubject,
  keepsNumbers: TenantDataHarness["keepsNumbers"],
): void {
  it("S040, F128: gives back every value, as lines of JSON and as CSV", async () => {
    const site = await make();
    const { acme, globex, run, data } = site;
    await run(acme, (em) => insertSamples(em, site, "acme"));
    const lines = await linesOf(site, acme);

    await run(globex, () => data.import({ format: "jsonl", from: [lines] }));

    expect(await linesOf(site, globex)).toBe(lines);
    const initech = await site.add();
    const texts = await csvOf(site, acme);
    const [folders = "", ...others] = [...texts];
    expect(folders[1]).toContain("'=b");
    expect(texts.get("Paper")).toContain(",-12345678901.1234,");
    for (const [entity, text] of [folders, ...others] as [string, string][]) {
      await run(initech, () => data.import({ format: "csv", entity, from: inHalves(text) }));
    }
    expect(await linesOf(site, initech)).toBe(lines);
  });

  it("S040: writes NaN and infinite numbers where the database keeps them, and tells them elsewhere", async () => {
    const site = await make();
    const { acme, globex, run, data } = site;
    const numbers = ['"NaN"', '"Infinity"', '"-Infinity"', "1e999", "0.5"];
    const isKept = (text: string) =>
      text === "0.5" ||
      keepsNumbers.some((one) => one === String(Number(text.replaceAll('"', ""))));
    const from = numbers.map(
      (text, index) => `{"entity":"Paper","row":{"id":${index + 1},"title":"p","ratio":${text}}}\n`,
    );
    const unkept = numbers.flatMap((text, index) =>
      isKept(text) ? [] : [[index + 1, "INVALID_VALUE"]],
    );

    const { issues } = await run(acme, () =>
      data.import({ format: "jsonl", from, onInvalid: "skip" }),
    );
    const lines = await linesOf(site, acme);
    await data.copy({ from: acme, to: globex });
    const again = () =>
      run(globex, () => data.import({ format: "jsonl", from: [lines], onConflict: "update" }));

    expect(issues.map(({ line, code }) => [line, code])).toEqual(unkept);
    expect(lines.match(/"ratio":("[^"]+"|0.5)/g)).toEqual(
      numbers.filter(isKept).map((text) => `"ratio":${text === "1e999" ? '"Infinity"' : text}`),
    );
    expect((await again()).issues).toEqual([]);
    expect(await linesOf(site, globex)).toBe(lines);
  });

  it("S038, S040: keeps a key of 0, and what refers to it", async () => {
    const site = await make();
    const { acme, globex, run, data, entities } = site;
    const from = [
      { entity: "Folder", row: { id: 0, name: "zero" } },
      { entity: "Folder", row: { id: 7, name: "seven" } },
      { entity: "Paper", row: { id: 0, title: "p", folder: 0 } },
      { entity: "Page", row: { paper: 0, number: 0, text: "t" } },
      { entity: "Folder", link: { id: 7, parent: 0 } },
    ].map((line) => `${JSON.stringify(line)}\n`);

    await run(acme, () => data.import({ format: "jsonl", from }));
    await data.copy({ from: acme, to: globex });
    const again = await data.copy({ from: acme, to: globex, onConflict: "skip" });

    const lines = await linesOf(site, acme);
    expect(lines).toContain('"id":0,"name":"zero"');
    expect(lines).toContain('"link":{"id":7,"parent":0}');
    expect(lines).toContain('"paper":0,"number":0');
    expect(await linesOf(site, globex)).toBe(lines);
    expect([again.rows.Folder?.inserted, again.rows.Folder?.skipped]).toEqual([0, 2]);
    await run(globex, (em) => em.insert(entities.Folder, { name: "next" }));
    expect(await run(globex, (em) => em.count(entities.Folder, { id: { $gt: 7 } }))).toBe(1);
  });
}

/** Where the pieces end has nothing to do with where rows do. */
function inHalves(text: string): readonly string[] {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}
