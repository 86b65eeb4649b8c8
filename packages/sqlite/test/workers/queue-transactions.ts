import { setTimeout } from "node:timers/promises";
import { isTenancyError } from "@af-tenancy/core";
import { sqliteRegistry } from "@af-tenancy/sqlite";

/** Begins many transactions of a registry at once, each of which takes a while, and prints what became of each. */
const [file = "", name = "", count = "0"] = process.argv.slice(2);
const registry = sqliteRegistry({ file, maxWait: 1_500 });
await registry.start?.();

async function outcome(): Promise<string> {
  try {
    await registry.transaction(async ({ sequences }) => {
      await sequences.next(name);
      await setTimeout(10);
    });
    return "kept";
  } catch (error) {
    return isTenancyError(error) ? error.code : String(error);
  }
}

const outcomes = await Promise.all(Array.from({ length: Number(count) }, outcome));
for (const one of outcomes) process.stdout.write(`${one}\n`);
await registry.close?.();
