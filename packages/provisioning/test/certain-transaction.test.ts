import { type RegistryTransaction, TransactionTimeoutError } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { losingCommit, losingReply } from "./support/lost-replies.ts";
import { thrownBy } from "./support/thrown-by.ts";

describe("a commit of a creation", () => {
  it.each([1, 2])("F053: whose reply is lost is looked for (commit %i)", async (lost) => {
    const { join, registry } = installation();
    const tenancy = await join({ registry: losingReply(registry, lost) });
    const steps: string[] = [];
    tenancy.events.on("operationProgress", ({ step }) => void steps.push(step));

    const acme = await tenancy.tenants.create({ slug: "acme" });

    expect(acme).toMatchObject({ status: "active", placement: { generation: 1 } });
    expect(steps).toEqual(["database", "migrate", "verify", "activate"]);
    expect((await journalOf(registry)).unfinished).toEqual([]);
  });

  it("F053: of the intent that never arrived is a failure, and nothing is there", async () => {
    const { join, registry } = installation();
    const { tenants } = await join({ registry: losingCommit(registry, 1) });

    const thrown = await thrownBy(() => tenants.create({ slug: "acme" }));

    expect(thrown).toEqual(new RangeError("ECONNRESET"));
    expect((await journalOf(registry)).tenants).toEqual([]);
  });

  it("F053: that never arrived stops the last step, and repair finishes", async () => {
    const { join, registry } = installation();
    const { tenants } = await join({ registry: losingCommit(registry, 2) });

    const thrown = await thrownBy(() => tenants.create({ slug: "acme" }));

    expect(thrown).toMatchObject({ code: "PROVISIONING_FAILED", step: "activate" });
    const report = await tenants.repair();
    expect(report).toMatchObject({ finished: [{ state: "done" }], failed: [] });
  });
});

it("F053: what nobody could look at is never tried again", async () => {
  const { join, registry, clock } = installation();
  const fates = new Map([
    [1, new TransactionTimeoutError(1)], // passes by itself, and the commit is kept all the same
    [2, new RangeError("nothing can be seen")],
  ]);
  let count = 0;
  const { tenants } = await join({
    registry: {
      name: "unseen",
      store: registry.store,
      changes: registry.changes,
      async transaction<R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> {
        count += 1;
        const fate = fates.get(count);
        const result = await registry.transaction(work);
        if (fate !== undefined) throw fate;
        return result;
      },
    },
  });

  const creating = thrownBy(() => tenants.create({ slug: "acme" }));
  await clock.advance(2_000);

  expect(await creating).toBe(fates.get(1));
  // The intent and the look at it: nothing after that.
  expect(count).toBe(2);
});

it("surfaces the first error when the registry stays away", async () => {
  const { join, registry } = installation();
  let errors = 0;
  const away = {
    name: "away",
    store: registry.store,
    changes: registry.changes,
    async transaction<R>(): Promise<R> {
      errors += 1;
      throw new RangeError(`error ${errors}`);
    },
  };
  const { tenants } = await join({ registry: away });

  const thrown = await thrownBy(() => tenants.create({ slug: "acme" }));

  expect(thrown).toEqual(new RangeError("error 1"));
});

describe("a commit of a take-over", () => {
  it("F053: whose reply is lost is looked for", async () => {
    const { join, registry } = installation();
    const broken = await join({ registry: losingCommit(registry, 2) });
    await thrownBy(() => broken.tenants.create({ slug: "acme" }));
    // The first transaction of a repair reads what is unfinished.
    const { tenants } = await join({ registry: losingReply(registry, 2) });

    const report = await tenants.repair();

    expect(report).toMatchObject({ finished: [{ state: "done", generation: 2 }], failed: [] });
  });
});
