import { expect, it } from "vitest";
import { csvOf, linesOf } from "./carried-text.ts";
import { insertSamples } from "./sample-rows.ts";
import type { MakeDataSubject } from "./tenant-data-contract.ts";

/** What goes out comes in as it was. */
export function valueTests(make: MakeDataSubject): void {
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
}

/** Where the pieces end has nothing to do with where rows do. */
function inHalves(text: string): readonly string[] {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}
