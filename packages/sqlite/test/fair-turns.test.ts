import { join } from "node:path";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { startWorker } from "./start-worker.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it("lets every transaction of several busy processes in, though those before it take longer than maxWait", async () => {
  const file = join(temporaryFolder(), "registry.sqlite");
  const registry = sqliteRegistry({ file });
  await registry.start?.();
  onTestFinished(() => registry.close?.());
  const names = ["one", "two", "three"];

  // Altogether they take twice as long as each of them is ready to wait for its turn.
  const workers = names.map((name) => startWorker("queue-transactions", file, name, "70"));
  const outcomes = (await Promise.all(workers.map((worker) => worker.done()))).flat();

  expect(outcomes).toEqual(Array(210).fill("kept"));
  for (const name of names) {
    expect(await registry.transaction(({ sequences }) => sequences.next(name))).toBe(71);
  }
});
