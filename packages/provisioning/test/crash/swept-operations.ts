import { testScale } from "@af-tenancy/testing";
import { expect } from "vitest";
import {
  adoptionBoundaries,
  boundaries,
  cloneBoundaries,
  poolBoundaries,
  pullBoundaries,
  purgeBoundaries,
} from "./boundaries.ts";
import { type Engine, type EngineSite, foundName, siteIn } from "./engine.ts";
import { expectNoTenant, expectOneTenant, expectTwoTenants } from "./expect-site.ts";
import { inspectSite, type SiteState } from "./inspect-site.ts";
import { type Orders, performHere } from "./perform.ts";

/** An operation whose process is killed at each boundary, and what has to be there once that is repaired. */
export interface SweptOperation {
  readonly call: Orders["call"];
  readonly points: readonly string[];
  /** The step whose commit ends it. */
  readonly last: string;
  /** Whether an engine has it. */
  isOn(site: EngineSite, engine: Engine): boolean;
  prepare(folder: string): Promise<unknown>;
  expectSite(state: SiteState): void;
  /** What still works afterwards. */
  goOn(folder: string): Promise<void>;
}

/** In the short run on two engines: what differs between the others a creation shows. */
function isSampled(_site: EngineSite, engine: Engine): boolean {
  return testScale() >= 1 || ["sqlite", "postgresql"].includes(engine);
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
    call: "fill",
    points: ["after commit intent", ...poolBoundaries],
    last: "pool",
    isOn: isSampled,
    async prepare() {},
    expectSite: (state) =>
      expectOneTenant(state, "ready", {
        slug: expect.stringMatching(/^pending-/),
        status: "pending",
      }),
    async goOn(folder) {
      expect(await performHere({ folder, call: "fill" })).toEqual([]);
      expect(await performHere({ folder, call: "pull" })).toEqual(["active"]);
      expectOneTenant(await inspectSite(folder));
    },
  },
  {
    call: "pull",
    points: pullBoundaries,
    last: "activate",
    isOn: isSampled,
    prepare: (folder) => performHere({ folder, call: "fill", pool: { steps: { migrate: false } } }),
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
      await performHere({ folder, call: "purge" });
      const { tenants, ledger, names } = await inspectSite(folder);
      expect([tenants, ledger, names]).toEqual([[], [], [foundName(folder)]]);
      expect(await siteIn(folder).notesIn?.(foundName(folder))).toEqual(["kept"]);
    },
  },
  {
    call: "clone",
    points: ["after commit intent", ...cloneBoundaries],
    last: "activate",
    // A file is copied as a whole, and has no moment of its own for its rows.
    isOn: (_site, engine) => testScale() >= 1 || engine === "sqlite",
    prepare: (folder) => performHere({ folder, call: "create" }),
    expectSite: (state) => expectTwoTenants(state, ["acme", "acme-copy"]),
    async goOn(folder) {
      await performHere({ folder, call: "purge", slugs: ["acme-copy"] });
      expectOneTenant(await inspectSite(folder));
    },
  },
  {
    call: "purge",
    points: purgeBoundaries,
    last: "forget",
    isOn: () => true,
    prepare: (folder) => performHere({ folder, call: "create" }),
    expectSite: expectNoTenant,
    async goOn(folder) {
      expect(await performHere({ folder, call: "create" })).toEqual(["active"]);
    },
  },
];
