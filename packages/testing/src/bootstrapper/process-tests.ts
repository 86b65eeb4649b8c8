import { expect, it } from "vitest";
import type { MakeWatchedSubject } from "./bootstrapper-harness.ts";
import { changesSince, processState } from "./process-state.ts";

/** Checks that a bootstrapper touches nothing that other tenants share. */
export function processTests(make: MakeWatchedSubject): void {
  it("F001: changes nothing process-wide, neither during a stay nor after it", async () => {
    const { enter, observe, acme, globex } = await make();
    await enter(globex, async () => observe());
    const before = processState();

    const during = await enter(acme, async () => {
      await observe();
      return changesSince(before);
    });

    expect(during).toEqual([]);
    expect(changesSince(before)).toEqual([]);
  });

  it("changes nothing process-wide on the very first stay", async () => {
    const { enter, observe, acme } = await make();
    const before = processState();

    const during = await enter(acme, async () => {
      await observe();
      return changesSince(before);
    });

    expect(during).toEqual([]);
    expect(changesSince(before)).toEqual([]);
  });
}
