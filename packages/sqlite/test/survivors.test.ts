import { expect, it } from "vitest";
import { startWorker } from "./start-worker.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it("S021: leaves nothing of a stay behind that only a collection of the whole heap would find", {
  timeout: 60_000,
}, async () => {
  const [bytes] = await startWorker("survivors", temporaryFolder(), "6000").done();

  // Of some 20 KB that a stay takes.
  expect(Number(bytes)).toBeLessThan(2_000);
});
