import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Core } from "./core.ts";
import type { Guard } from "./guards.ts";

const source = fileURLToPath(new URL("../../src", import.meta.url));

/** Gives a copy of the source from which a guard was taken away to `use`; `found` tells how often the guard is there. */
export async function withoutGuard<R>(
  { file, text, without }: Guard,
  use: (core: Core, found: number) => Promise<R>,
): Promise<R> {
  const folder = await mkdtemp(join(tmpdir(), "without-guard-"));
  try {
    await cp(source, join(folder, "src"), { recursive: true });
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    const path = join(folder, "src", file);
    const parts = (await readFile(path, "utf8")).split(text);
    await writeFile(path, parts.join(without));
    // Node itself reads a copy far quicker than Vite would make it over.
    const copy = createRequire(import.meta.url)(join(folder, "src", "index.ts")) as Core;
    return await use(copy, parts.length - 1);
  } finally {
    await rm(folder, { recursive: true });
  }
}
