import { expect } from "vitest";
import { adoptionBoundaries, boundaries, purgeBoundaries } from "./boundaries.ts";
import { type EngineSite, foundName, siteIn } from "./engine.ts";
import { expectNoTenant, expectOneTenant } from "./expect-site.ts";
import { inspectSite, type SiteState } from "./inspect-site.ts";
import type { Orders } from "./process.ts";
import { runProcess } from "./run-process.ts";

/** An operation whose process is killed at each boundary, and what has to be there once that is repaired. */
export interface SweptOperation {
  readonly call: Orders["call"];
  readonly points: readonly string[];
  /** The step whose commit ends it. */
  readonly last: string;
  /** Whether an engine has it. */
  isOn(site: EngineSite): boolean;
  prepare(folder: string): Promise<unknown>;
  expectSite(state: SiteState): void;
  /** What still works afterwards. */
  goOn(folder: string): Promise<void>;
}

/** Every operation that is swept. */
export const sweptOperations: readonly SweptOperation[] = [
  {
    call: "create",
    points: ["after commit intent", ...boundaries],
    last: "activate",
    isOn: () => true,
    async prepare() {},
    expectSite: (state) => expectOneTenant(state),
    async goOn() {},
  },
  {
    call: "adopt",
    points: adoptionBoundaries,
    last: "activate",
    isOn: ({ makeFound }) => makeFound !== undefined,
    prepare: async (folder) => siteIn(folder).makeFound?.(foundName(folder)),
    expectSite: (state) => expectOneTenant(state, "adopted"),
    async goOn(folder) {
      expect(await siteIn(folder).notesIn?.(foundName(folder))).toEqual(["kept"]);
      await runProcess({ folder, call: "purge" });
      const { tenants, ledger, names } = await inspectSite(folder);
      expect([tenants, ledger, names]).toEqual([[], [], [foundName(folder)]]);
      expect(await siteIn(folder).notesIn?.(foundName(folder))).toEqual(["kept"]);
    },
  },
  {
    call: "purge",
    points: purgeBoundaries,
    last: "forget",
    isOn: () => true,
    prepare: (folder) => runProcess({ folder, call: "create" }),
    expectSite: expectNoTenant,
    async goOn(folder) {
      expect(await runProcess({ folder, call: "create" })).toMatchObject({ result: ["active"] });
    },
  },
];
