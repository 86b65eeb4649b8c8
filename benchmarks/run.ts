import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

// `pnpm bench` runs every benchmark, `pnpm bench NAME ...` the named ones, each in a process of its own.
const folder = import.meta.dirname;
const all = readdirSync(folder)
  .filter((file) => file.endsWith(".ts") && file !== "run.ts")
  .filter((file) => readFileSync(`${folder}/${file}`, "utf8").includes("// Promise:"))
  .map((file) => file.slice(0, -3));
const asked = process.argv.slice(2).filter((word) => word !== "--");
const unknown = asked.filter((name) => !all.includes(name));

if (unknown.length > 0) {
  console.error(`No benchmark "${unknown.join('", "')}": choose from ${all.join(", ")}.`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : all) {
  const { status } = spawnSync(process.execPath, [`${folder}/${name}.ts`], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
