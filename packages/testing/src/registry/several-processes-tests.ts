import {
  type CentralRegistry,
  followChanges,
  InvalidInputError,
  systemClock,
  TransactionTimeoutError,
} from "@af-tenancy/core";
import { expect, it, onTestFinished, vi } from "vitest";
import { acme, globex, tenantRecord } from "../fixtures/tenant-record.ts";
import { codeOf } from "../suite/code-of.ts";
import { elapse } from "../suite/elapse.ts";
import { outcomes } from "../suite/outcomes.ts";
import type { JoinRegistry, MakeRegistry } from "./central-registry-harness.ts";

/** Checks what processes that share one registry see of each other: each has a registry of its own over the same tables. */
export function severalProcessesTests(make: MakeRegistry, join: JoinRegistry | undefined): void {
  const makeShared = async (count: number): Promise<CentralRegistry[]> => {
    if (join === undefined) throw new InvalidInputError("join", "missing", "give it or leave out");
    const first = await make();
    const others = Array.from({ length: count - 1 }, () => join(first));
    return [first, ...(await Promise.all(others))];
  };

  it("G12: gives a slug to exactly one of twenty who claim it in four processes", async () => {
    const registries = await makeShared(4);
    const rivals = Array.from({ length: 20 }, (_, index) =>
      tenantRecord({ id: `tenant-${index}`, slug: "acme" }),
    );

    const { values, errors } = await outcomes(
      rivals.map((rival, index) => async () => {
        await registries[index % 4]?.transaction(({ tenants }) => tenants.insert(rival, []));
      }),
    );

    expect(values).toHaveLength(1);
    expect(errors.map(codeOf)).toEqual(Array(19).fill("SLUG_TAKEN"));
  });

  it("gives a right to one of four processes, and to another when its time is over", async () => {
    const registries = await makeShared(4);
    const claim = (milliseconds: number) =>
      Promise.all(
        registries.map((registry, index) =>
          registry.transaction(({ leases }) => leases.claim("index", `${index}`, milliseconds)),
        ),
      );

    const first = await claim(60_000);
    const holder = first.indexOf(true);
    const hold = (index: number, owner: string, milliseconds: number) =>
      registries[index]?.transaction(({ leases }) => leases.claim("index", owner, milliseconds));
    await hold(holder, `${holder}`, 20);
    await elapse(100);
    const taken = await hold((holder + 1) % 4, "next", 60_000);

    expect(first.filter(Boolean)).toHaveLength(1);
    expect([taken, await claim(60_000)]).toEqual([true, Array(4).fill(false)]);
  });

  it("never shows a lower number after a higher one, whichever process commits first", async () => {
    const [reader, ...writers] = (await makeShared(4)) as [CentralRegistry, ...CentralRegistry[]];
    const following = follow(reader);

    await Promise.all(
      writers.flatMap((registry, one) =>
        Array.from({ length: 20 }, (_, index) =>
          registry.transaction(async ({ outbox }) => {
            await outbox.append(change(`${one}-${index}`));
            if (index % 3 === one) await elapse(5);
            await outbox.append(change(`${one}-${index}`));
          }),
        ),
      ),
    );

    const seen = await following.end();
    expect(seen).toHaveLength(120);
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
  });

  it("X07: tells a consumer of each change once, though four processes have it", async () => {
    const registries = await makeShared(4);
    const told: string[] = [];
    for (const registry of registries) {
      const stop = followChanges({
        ...{ registry, clock: systemClock(), consumer: "index" },
        deliver: ({ tenantId }) => void told.push(tenantId),
        failed: (error) => expect.unreachable(String(error)),
      });
      onTestFinished(stop);
    }

    for (let number = 0; number < 12; number += 1) {
      await registries[number % 4]?.transaction(({ outbox }) => outbox.append(change(`${number}`)));
    }
    await vi.waitUntil(() => told.length >= 12, { timeout: 10_000 });
    await elapse(100);

    expect(told).toEqual(Array.from({ length: 12 }, (_, number) => `${number}`));
  });

  it("gives up after a while when another process stays in its transaction", async () => {
    const one = await make();
    const other = await join?.(one, 1_000);

    await one.transaction(async ({ tenants }) => {
      await tenants.insert(acme(), []);
      const waiting = other?.transaction(({ tenants: others }) => others.insert(globex(), []));
      await expect(waiting).rejects.toThrow(TransactionTimeoutError);
    });

    await other?.transaction(({ tenants }) => tenants.insert(globex(), []));
    expect(await other?.store.find({ by: "slug", value: "acme" })).toEqual(acme());
  });
}

/** Reads all the time, and once more at the end. */
function follow({ changes }: CentralRegistry) {
  const seen: number[] = [];
  let over = false;

  async function read(): Promise<void> {
    for (let last = 0; ; ) {
      const isOver = over;
      for (const { sequence } of await changes.readAfter(last, 1_000)) {
        seen.push(sequence);
        last = sequence;
      }
      if (isOver) return;
      // A registry that answers at once would leave the writers no turn.
      await elapse(0);
    }
  }

  const reading = read();
  return {
    async end(): Promise<readonly number[]> {
      over = true;
      await reading;
      return seen;
    },
  };
}

function change(tenantId: string) {
  return { type: "tenant.updated", tenantId, version: 1, payload: {} };
}
