import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { memoryCases } from "./memory/cases.ts";
import { report } from "./report.ts";

// Promise: a tenant of thirty entities that made one query takes at most 1 KB of heap when it is evicted, 5 KB with its
// handle kept and its connection closed, 15 KB on shared connections; at most 450 KB of the process per open SQLite file
// and 60 KB per open PostgreSQL database.
const worker = fileURLToPath(new URL("./memory/worker.ts", import.meta.url));

for (const [name, { promise, of }] of Object.entries(memoryCases)) {
  const ours = measure(name);
  report({
    name: `memory/${name}`,
    ratio: ours / promise,
    ours,
    baseline: promise,
    unit: `bytes of ${of}`,
  });
}

/** Each in a process of its own: what one case leaves behind is not counted in another. */
function measure(name: string): number {
  const { stdout, status } = spawnSync(process.execPath, [worker, name], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return status === 0 ? Number(stdout) : Number.NaN;
}
