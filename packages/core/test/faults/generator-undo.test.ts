import { expect, it } from "vitest";
import { coreSource, runNode } from "../support/run-node.ts";

// Nobody can wait for an asynchronous undo behind a synchronous generator.
const prelude = `
  const { createTenancy, memoryStore } = await import("${coreSource}index.ts");
  const acme = { id: "acme-id", slug: "acme", status: "active", version: 1, placement: undefined };
  const undo = process.argv.at(-1) === "failing"
    ? async () => { throw new RangeError("undo"); }
    : async () => {};
  const bootstrapper = { name: "slow", bootstrap: () => undo };
  const tenancy = createTenancy({ store: memoryStore([acme]), bootstrappers: [bootstrapper] });
  await tenancy.start();
  process.on("unhandledRejection", (error) => console.log("unhandled", error.name, error.errors?.map(String)));
`;
const consume = `${prelude}
  const rows = tenancy.run(acme, function* () { yield 1; });
  console.log([...rows]);
`;
const fail = `${prelude}
  const rows = tenancy.run(acme, function* () { throw new TypeError("own"); });
  try { rows.next(); } catch (error) { console.log("thrown", String(error)); }
`;

it("F003: an asynchronous undo behind a synchronous generator is not lost when it fails", async () => {
  const fine = await runNode(consume, "fine");
  const failing = await runNode(consume, "failing");

  expect(fine.lines).toEqual(["[ 1 ]"]);
  expect(failing.lines).toEqual(["[ 1 ]", "unhandled AggregateError [ 'RangeError: undo' ]"]);
}, 30_000);

it("F003: the generator's own error is thrown to its consumer and not told a second time", async () => {
  const fine = await runNode(fail, "fine");
  const failing = await runNode(fail, "failing");

  expect(fine.lines).toEqual(["thrown TypeError: own"]);
  expect(failing.lines).toEqual([
    "thrown TypeError: own",
    "unhandled AggregateError [ 'TypeError: own', 'RangeError: undo' ]",
  ]);
}, 30_000);
