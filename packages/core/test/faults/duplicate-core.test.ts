import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { coreSource, runNode } from "../support/run-node.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "af-tenancy-core-"));
  await cp(fileURLToPath(coreSource), join(folder, "src"), { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const loadBoth = `
  const [original, copy] = process.argv.slice(-2);
  const one = await import(original);
  const two = await import(copy);
  const acme = { id: "acme-id", slug: "acme", status: "active", version: 1, placement: undefined };
  const globex = { ...acme, id: "globex-id", slug: "globex" };
`;

describe("two copies of the package in one process", { timeout: 30_000 }, () => {
  it("F019: share one context", async () => {
    const { code, lines, errors } = await loadWithCopy(`${loadBoth}
      const tenancy = one.createTenancy({ store: one.memoryStore([acme, globex]) });
      const other = two.createTenancy({ store: two.memoryStore([acme, globex]) });
      await tenancy.start();
      await other.start();
      const look = () => [tenancy.current()?.slug, other.current()?.slug].join();

      console.log(one.createTenancy !== two.createTenancy);
      await tenancy.run(acme, async () => {
        await other.run(globex, async () => {
          console.log(look());
          two.outsideTenancy(() => console.log("outside", look()));
        });
        console.log(look());
      });
      console.log("after", look());
    `);

    expect(errors).toBe("");
    expect(lines).toEqual(["true", "acme,globex", "outside ,", "acme,", "after ,"]);
    expect(code).toBe(0);
  });

  it("F019: recognise each other's errors", async () => {
    const { lines } = await loadWithCopy(`${loadBoth}
      const error = new two.NoTenantContextError("A test");
      console.log(error instanceof one.TenancyError, one.isTenancyError(error));
      console.log(one.errorResponse(error).body.error.code);
    `);

    expect(lines).toEqual(["false true", "NO_TENANT_CONTEXT"]);
  });

  it("F019: of another protocol refuses to start, whichever comes first", async () => {
    const storage = join(folder, "src/storage.ts");
    const text = await readFile(storage, "utf8");
    const changed = text.replace(/const protocol = "[^"]+"/, 'const protocol = "another"');
    expect(changed).not.toBe(text);
    await writeFile(storage, changed);

    const refused = `
      const [first, second] = process.argv.slice(-2);
      await import(first);
      try { await import(second); } catch (error) {
        console.log(error.code, error.message.includes("npm ls @af-tenancy/core"));
      }
    `;
    const copySecond = await runNode(refused, original(), copy());
    const copyFirst = await runNode(refused, copy(), original());

    expect(copySecond.lines).toEqual(["DUPLICATE_CORE true"]);
    expect(copyFirst.lines).toEqual(["DUPLICATE_CORE true"]);
  });

  it("F019: the shared context cannot be replaced by another script", async () => {
    const { lines } = await runNode(`
      await import("${original()}");
      const slot = Symbol.for("@af-tenancy/core");
      try { globalThis[slot] = {}; } catch (error) { console.log(error.name); }
      try { globalThis[slot].storage = {}; } catch (error) { console.log(error.name); }
    `);

    expect(lines).toEqual(["TypeError", "TypeError"]);
  });
});

function loadWithCopy(source: string) {
  return runNode(source, original(), copy());
}

function original(): string {
  return `${coreSource}index.ts`;
}

function copy(): string {
  return pathToFileURL(join(folder, "src/index.ts")).href;
}
