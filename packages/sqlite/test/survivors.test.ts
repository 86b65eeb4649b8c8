import { testScale } from "@af-tenancy/testing";
import { expect, it } from "vitest";
import { startWorker } from "./start-worker.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const stays = String(Math.ceil(30_000 * testScale()));

it.each([
  ["that comes alone", "1"],
  ["that waits for its connection among others", "30"],
])(
  "S021: leaves nothing of a stay %s behind that only a collection of the whole heap would find",
  {
    timeout: 60_000,
  },
  async (_, callers) => {
    const [bytes] = await startWorker("survivors", temporaryFolder(), stays, callers).done();

    // Of some 20 KB that a stay takes.
    expect(Number(bytes)).toBeLessThan(2_000);
  },
);
