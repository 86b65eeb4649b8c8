import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { install } from "./cli/install.ts";
import { compare } from "./compare.ts";
import { median } from "./median.ts";
import { report } from "./report.ts";

// Promise: `tenant list` and `tenant create` on local SQLite, as whole processes, take less than 1 s; `--help` takes at most
// 3 times a bare start of Node.
const promised = 1_000;
const rounds = 15;
const { folder, command } = await install();
const run = (...argv: readonly string[]) => {
  execFileSync(process.execPath, [command, ...argv], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
};
let tenants = 0;
const cases = {
  list: () => run("tenant", "list", "--json"),
  create: () => run("tenant", "create", `t${tenants++}`, "--json"),
};

for (const [name, work] of Object.entries(cases)) {
  const times: number[] = [];
  for (let round = -2; round < rounds; round++) {
    const start = performance.now();
    work();
    if (round >= 0) times.push(performance.now() - start); // those before have nothing compiled
  }
  const ours = median(times);
  report({ name: `cli/${name}`, ratio: ours / promised, ours, baseline: promised, unit: "ms" });
}
const help = await compare({
  ours: async () => run("--help"),
  baseline: async () => {
    execFileSync(process.execPath, ["--eval", "0"], { cwd: folder, stdio: "ignore" });
  },
  ...{ times: 1, rounds, warming: 2 },
});
report({
  name: "cli/help",
  ratio: help.ratio,
  ours: help.ours / 1e6,
  baseline: help.baseline / 1e6,
  unit: "ms",
});
rmSync(folder, { recursive: true });
