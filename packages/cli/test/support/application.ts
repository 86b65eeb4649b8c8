import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { installed } from "./installed.ts";

const repository = join(import.meta.dirname, "../../../..");

/** The configuration that the guide shows. */
const plainConfig = readFileSync(join(repository, "examples/guide/src/tenancy.config.ts"), "utf8");

/** One that a process may load more than once, because it is a function; `more` are further options of provisioning. */
export function config(more = "", before = ""): string {
  return `
import { defineTenancy } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
${before}
const data = import.meta.dirname + "/data";
const Note = defineEntity({ name: "Note", properties: { id: p.integer().primary(), text: p.text() } });
export default () => {
  const databases = sqlite({ folder: data, entities: [Note] });
  return defineTenancy({
    registry: sqliteRegistry({ file: data + "/registry.sqlite" }),
    databases,
    provisioning: provisioning({ ${more} }),
  });
};
`;
}

/** Makes an application in a folder of its own, with what it installs; the folder goes with the test, or when `later` says. */
export async function makeApplication(
  files: Readonly<Record<string, string>> = { "tenancy.config.ts": plainConfig },
  modules?: string,
  later: (remove: () => void) => void = onTestFinished,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "af-tenancy-app-"));
  later(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(modules ?? join(await installed(), "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "data"));
  const manifest = { "package.json": '{"type":"module"}' };
  for (const [name, text] of Object.entries({ ...manifest, ...files })) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
