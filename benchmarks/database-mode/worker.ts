import { once } from "node:events";
import { modeCases } from "./cases.ts";
import { tenantCount } from "./mode-case.ts";

// One side of a case in a process of its own, as an application is. Answers so many requests as each message says.
const [name = "", side = ""] = process.argv.slice(2);
const given = modeCases[name];
if (given === undefined || (side !== "ours" && side !== "baseline")) process.exit(2);

const { answer, close } = await given[side]();
const closed = once(process, "disconnect");
process.on("message", async (times) => {
  for (let request = 0; request < Number(times); request++) await answer(request % tenantCount);
  process.send?.("done");
});
process.send?.("ready");
await closed;
await close();
