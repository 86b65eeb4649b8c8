import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import type { MakeWatchedSubject } from "./bootstrapper-harness.ts";

/** Checks that what was done at the beginning of a stay is undone at its end. */
export function undoTests(make: MakeWatchedSubject): void {
  it("C001: is undone once when the stay ends, used or not", async () => {
    const { enter, observe, acme, counts } = await make();

    await enter(acme, async () => {
      expect(counts.bootstraps, "bootstrappers that went through watch").toBeGreaterThan(0);
      expect(counts.undone).toBe(0);
      await observe();
    });
    await enter(acme, async () => {});

    expect(counts.undone).toBe(counts.undos);
  });

  it("is undone once when the work in the tenant throws, and can be entered again", async () => {
    const { enter, observe, acme, counts } = await make();
    const failure = new InvalidInputError("work", "it", "it fails on purpose");
    const before = await enter(acme, async () => observe());

    const failed = enter(acme, async () => {
      await observe();
      throw failure;
    });

    await expect(failed).rejects.toBe(failure);
    expect(counts.undone).toBe(counts.undos);
    expect(await enter(acme, async () => observe())).toEqual(before);
  });

  it("is undone for the tenant that leaves and not for the one that stays", async () => {
    const { enter, observe, acme, globex, counts } = await make();

    await enter(globex, async () => {
      const before = await observe();
      const { undone } = counts;
      await enter(acme, async () => observe());

      expect(await observe()).toEqual(before);
      expect(counts.undone - undone).toBeLessThanOrEqual(counts.undos / 2);
    });

    expect(counts.undone).toBe(counts.undos);
  });
}
