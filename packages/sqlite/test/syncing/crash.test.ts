import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { testScale } from "@af-tenancy/testing";
import { expect, it } from "vitest";
import { startWorker, type Worker } from "../start-worker.ts";
import { startPeople } from "./people.ts";

it("C152 C157: delivers what a process committed that was killed before it delivered, at whatever step", async () => {
  const { acme, globex, syncing, make, read, readCentral, work } = await start();
  const worker = work("lose");
  await firstLine(worker);
  await worker.kill();
  const changed = `${acme.id} 0`;
  expect([(await read(acme, "ann"))?.name, (await readCentral("ann"))?.name]).toEqual([
    ...[changed, "new"],
  ]);

  await make(globex, { globalId: "bob" });
  expect((await readCentral("ann"))?.name).toBe("new");
  expect((await syncing.deliver()).failures).toEqual([]);

  expect((await readCentral("ann"))?.name).toBe(changed);
  expect((await read(globex, "ann"))?.name).toBe(changed);

  // In the long run it is killed at any time, too.
  const rounds = Math.floor(9 * testScale());
  for (let round = 1; round <= rounds; round++) {
    const worker = work("deliver");
    await firstLine(worker);
    await setTimeout((150 * round) / rounds + Math.random() * 50);
    await worker.kill();

    expect((await syncing.deliver()).failures).toEqual([]);

    const all = [await readCentral("ann"), await read(acme, "ann"), await read(globex, "ann")];
    const [central, ...own] = all.map((one) => [one?.name, one?.email]);
    expect(own, `round ${round}`).toEqual([central, central]);
    expect((await syncing.deliver()).steps).toBe(0);
  }
});

async function start() {
  const fleet = await startPeople();
  const { acme, globex, registryFile, folder, centralFile } = fleet;
  await fleet.make(acme, { globalId: "ann" });
  await fleet.make(globex, { globalId: "ann" });
  const tenants = [acme.id, globex.id];
  const work = (mode: "lose" | "deliver") =>
    startWorker("change-people", registryFile, folder, centralFile, mode, ...tenants);
  return { ...fleet, work };
}

/** Throws what the worker wrote when it failed. */
async function firstLine(worker: Worker): Promise<void> {
  const failed = worker.done();
  failed.catch(() => undefined); // it is killed later
  await Promise.race([once(worker.process.stdout as NodeJS.ReadableStream, "data"), failed]);
}
