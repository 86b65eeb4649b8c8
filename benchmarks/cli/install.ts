import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "tsup";

/** An application on SQLite with the packages as npm installs them. */
export interface InstalledApplication {
  readonly folder: string;
  /** The built command. */
  readonly command: string;
}

/** Builds the packages into a folder of its own and writes a configuration that uses them. */
export async function install(): Promise<InstalledApplication> {
  const folder = mkdtempSync(join(tmpdir(), "af-tenancy-cli-bench-"));
  for (const name of ["core", "database", "provisioning", "sqlite", "cli"]) await add(folder, name);
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "tenancy.config.ts"), configuration);
  return { folder, command: join(folder, "node_modules/@af-tenancy/cli/dist/bin.js") };
}

async function add(folder: string, name: string): Promise<void> {
  const source = join(import.meta.dirname, "../../packages", name);
  const target = join(folder, "node_modules/@af-tenancy", name);
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  mkdirSync(target, { recursive: true });
  const published = { ...manifest, ...manifest.publishConfig };
  writeFileSync(join(target, "package.json"), JSON.stringify(published));
  const entries = name === "cli" ? ["bin", "index"] : ["index"];
  await build({
    entry: entries.map((entry) => join(source, `src/${entry}.ts`)),
    ...{ outDir: join(target, "dist"), config: false, skipNodeModulesBundle: true },
    ...{ format: "esm", target: "node22", removeNodeProtocol: false, dts: false, silent: true },
  });
  const needs = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.devDependencies,
  };
  for (const need of Object.keys(needs)) {
    const link = join(folder, "node_modules", need);
    const there = join(source, "node_modules", need);
    if (need.startsWith("@af-tenancy/") || existsSync(link) || !existsSync(there)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(there, link);
  }
}

const configuration = `
import { defineTenancy } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
const Note = defineEntity({ name: "Note", properties: { id: p.integer().primary(), text: p.text() } });
const data = import.meta.dirname + "/data";
export default defineTenancy({
  registry: sqliteRegistry({ file: data + "/registry.sqlite" }),
  databases: sqlite({ folder: data + "/tenants", entities: [Note] }),
  provisioning: provisioning(),
});
`;
