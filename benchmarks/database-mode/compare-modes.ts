import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { compare } from "../compare.ts";
import { report } from "../report.ts";
import { modeCases } from "./cases.ts";
import { tenantCount } from "./mode-case.ts";

/** Compares the cases whose names begin so, and reports how many requests each side answers. */
export async function compareModes(prefix: string): Promise<void> {
  for (const name of Object.keys(modeCases)) {
    if (name.startsWith(prefix)) await compareMode(name);
  }
}

async function compareMode(name: string): Promise<void> {
  const [ours, baseline] = [await start(name, "ours"), await start(name, "baseline")];
  const times = 40 * tenantCount;
  const sides = { ours: ours.answer, baseline: baseline.answer };
  // Some 40,000 requests: MikroORM goes on being compiled for longer than the handful of functions around it.
  const result = await compare({ ...sides, times, rounds: 61, warming: 100 });
  report({
    name,
    ratio: 1 / result.ratio,
    ours: 1e9 / result.ours,
    baseline: 1e9 / result.baseline,
    unit: "requests/s",
  });
  await Promise.all([ours.stop(), baseline.stop()]);
}

/** Each side is a process, because in one they would make each other's code slower, and one only is ever busy. */
async function start(name: string, side: "ours" | "baseline") {
  const worker = fork(fileURLToPath(new URL("./worker.ts", import.meta.url)), [name, side], {
    stdio: "inherit",
  });
  await once(worker, "message");
  return {
    async answer(times: number): Promise<void> {
      worker.send(times);
      await once(worker, "message");
    },
    async stop(): Promise<void> {
      worker.disconnect();
      await once(worker, "exit");
    },
  };
}
