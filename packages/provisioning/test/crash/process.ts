import { createInterface } from "node:readline";
import { type Orders, perform } from "./perform.ts";

/** A process that does what each line on stdin orders it to, one after the other, and tells what came of it in a line. */
for await (const line of createInterface({ input: process.stdin })) {
  const result = await perform(JSON.parse(line) as Orders);
  process.stdout.write(`${JSON.stringify(result ?? null)}\n`);
}
