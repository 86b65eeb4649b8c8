import fc, { type Arbitrary } from "fast-check";
import { trees } from "./operation-arbitraries.ts";
import type { Body } from "./operations.ts";

/** How a part of the lifecycle answers: at once, or through the scheduler. */
type Timing = "sync" | "async";

/** What one bootstrapper does; `failsAt` counts its calls, and no call fails when it is absent. */
export interface BootstrapperPlan {
  readonly boot: Timing;
  readonly bootFailsAt: number | undefined;
  readonly undo: Timing | "none";
  readonly undoFailsAt: number | undefined;
}

/** Everything about one interleaving but the schedule. */
export interface Plan {
  readonly branches: readonly Body[];
  readonly bootstrappers: readonly BootstrapperPlan[];
  /** The bootstrapper of the connection. */
  readonly connection: { readonly boot: Timing; readonly dispose: Timing };
  readonly store: Timing;
  readonly listeners: Timing | "none";
  /** Which call of which listener refuses. */
  readonly veto: { readonly event: "initializing" | "ending"; readonly at: number } | undefined;
  /** Microtasks between one step of the scheduler and the next; few of them make races between microtasks. */
  readonly ticks: number;
}

const timing: Arbitrary<Timing> = fc.constantFrom("sync", "async");
const seldom = <V>(value: Arbitrary<V>) => fc.option(value, { nil: undefined, freq: 4 });

const bootstrapper: Arbitrary<BootstrapperPlan> = fc.record({
  boot: timing,
  bootFailsAt: seldom(fc.nat(4)),
  undo: fc.constantFrom("none", "sync", "async"),
  undoFailsAt: seldom(fc.nat(4)),
});

/** Plans of every kind. */
export const plans: Arbitrary<Plan> = fc.record({
  branches: trees,
  bootstrappers: fc.array(bootstrapper, { maxLength: 3 }),
  connection: fc.record({ boot: timing, dispose: timing }),
  store: timing,
  listeners: fc.constantFrom("none", "none", "sync", "async"),
  veto: seldom(fc.record({ event: fc.constantFrom("initializing", "ending"), at: fc.nat(4) })),
  ticks: fc.constantFrom(0, 1, 2, 5, 20),
});
