import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { outcomes } from "../suite/outcomes.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

const long = 60_000;
const short = 20;

/** Checks that a right by name is one owner's at a time, and free again after its time. */
export function namedLeaseTests(
  make: MakeRegistry,
  elapse: (milliseconds: number) => Promise<void>,
): void {
  async function leases() {
    const registry = await make();
    return {
      registry,
      claim: (owner: string, milliseconds: number, name = "index") =>
        registry.transaction(({ leases: held }) => held.claim(name, owner, milliseconds)),
      release: (owner: string, name = "index") =>
        registry.transaction(({ leases: held }) => held.release(name, owner)),
    };
  }

  it("gives a right to one owner, who may renew it, and each name on its own", async () => {
    const { claim } = await leases();

    const answers = [
      await claim("first", long),
      await claim("second", long),
      await claim("FIRST", long),
      await claim("first", long),
      await claim("first", long),
      await claim("second", long, "INDEX"),
      await claim("second", long),
    ];

    expect(answers).toEqual([true, false, false, true, true, true, false]);
  });

  it("lets another owner have a right whose time is over, and its old owner no more", async () => {
    const { claim } = await leases();
    await claim("zombie", short);
    await elapse(5 * short);

    const answers = [await claim("second", long), await claim("zombie", long)];

    expect(answers).toEqual([true, false]);
  });

  it("counts the time of a renewed right from its renewal", async () => {
    const { claim } = await leases();
    await claim("first", short);
    await claim("first", long);
    await elapse(5 * short);

    expect(await claim("second", long)).toBe(false);
  });

  it("frees a right that its owner gives back, and none of somebody else's", async () => {
    const { claim, release } = await leases();
    await claim("first", long);

    await release("second");
    await release("first", "nothing");
    const before = await claim("second", long);
    await release("first");

    expect([before, await claim("second", long)]).toEqual([false, true]);
  });

  it("gives a right whose time is over to exactly one of racing owners", async () => {
    const { claim } = await leases();
    await claim("zombie", short);
    await elapse(5 * short);
    const owners = ["a", "b", "c", "d", "e", "f", "g", "h"];

    const { values, errors } = await outcomes(owners.map((owner) => () => claim(owner, long)));

    expect(errors).toEqual([]);
    expect(values.filter(Boolean)).toHaveLength(1);
  });

  it("keeps no right of a transaction that was rolled back", async () => {
    const { registry, claim } = await leases();

    const failed = registry.transaction(async ({ leases: held }) => {
      await held.claim("index", "first", long);
      throw new InvalidInputError("work", "it", "it fails on purpose");
    });

    await expect(failed).rejects.toThrow("on purpose");
    expect(await claim("second", long)).toBe(true);
  });
}
