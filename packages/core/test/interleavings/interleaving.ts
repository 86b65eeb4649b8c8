import type { Scheduler } from "fast-check";
import type { Clock, Tenant, TenantStore } from "../../src/index.ts";
import { bootstrappers } from "./bootstrappers.ts";
import { type Core, type Name, names, type TenancyUnderTest } from "./core.ts";
import { RuleBroken } from "./failures.ts";
import { listeners } from "./listeners.ts";
import { Machine } from "./machine.ts";
import { placeIn, ScopeModel } from "./model.ts";
import { attempt, Oracles } from "./oracles.ts";
import { takeStep } from "./perform/consume.ts";
import { perform } from "./perform/perform.ts";
import type { Plan } from "./plan.ts";
import { World } from "./world.ts";

/** Performs one plan under one schedule; throws `RuleBroken` with every rule that did not hold. */
export async function interleave(core: Core, plan: Plan, scheduler: Scheduler): Promise<void> {
  const world = new World(scheduler);
  try {
    await core.outsideTenancy(() => performPlan(core, plan, scheduler, world));
  } finally {
    world.close();
  }
  if (world.violations.length > 0) throw new RuleBroken(world.violations.join("\n"));
}

async function performPlan(
  core: Core,
  plan: Plan,
  scheduler: Scheduler,
  world: World,
): Promise<void> {
  const machine = await makeMachine(core, plan, world);
  let done = false;
  const work = performAll(machine).finally(() => {
    done = true;
  });
  if (!(await drive(scheduler, plan.ticks, () => done))) {
    throw new RuleBroken(`The work never comes to an end.\n${world.violations.join("\n")}`);
  }
  await work;
  await drive(scheduler, plan.ticks, () => true);
  for (const error of machine.failures) machine.oracles.known("a failure", error);
  machine.oracles.audit(machine.failures);
  world.audit();
  if (!(await closes(machine))) world.violate("close() waits though nothing is open");
}

async function makeMachine(core: Core, plan: Plan, world: World): Promise<Machine> {
  const tenants = new Map(names.map((name) => [name, tenantOf(name)]));
  const failures: unknown[] = [];
  const tenancy: TenancyUnderTest = core.createTenancy<Tenant>({
    store: storeOf(core, plan, world, [...tenants.values()]),
    bootstrappers: bootstrappers(plan, world, () => oracles),
    hooks: listeners(plan, world, () => oracles, failures),
    clock: clockOf(world),
    resolve: {
      name: "path",
      resolve: ({ url }) =>
        url === "/central"
          ? { kind: "central" }
          : { kind: "tenant", candidates: [{ by: "slug", value: url.slice(1) }] },
    },
  });
  const oracles: Oracles = new Oracles(core, tenancy, world);
  const stranger: TenancyUnderTest = core.createTenancy<Tenant>({
    store: core.memoryStore(tenants.values()),
    clock: clockOf(world),
  });
  await tenancy.start();
  await stranger.start();
  const parts = { core, tenancy, stranger, world, oracles, plan, tenants, failures, perform };
  return new Machine(parts);
}

async function performAll(machine: Machine): Promise<void> {
  const outside = placeIn(new ScopeModel("outside", null));
  const branches = machine.plan.branches.map(async (body) => {
    const failed = await attempt(() => machine.perform(body, outside));
    if (failed !== undefined) machine.oracles.known("a branch", failed.error);
  });
  await Promise.all(branches);
  await machine.settle();
  // Generators that nobody finished keep their scopes open.
  for (const iterator of machine.iterators) {
    const failed = await attempt(() => takeStep(machine, iterator, "return", outside));
    if (failed !== undefined) machine.oracles.known("an iterator", failed.error);
  }
  await machine.settle();
}

/** Lets the scheduler go on step by step until the work is done; `false` when it never is. */
async function drive(scheduler: Scheduler, ticks: number, isDone: () => boolean): Promise<boolean> {
  for (let step = 0; step < 20_000; step++) {
    for (let i = 0; i < ticks; i++) await undefined;
    if (scheduler.count() === 0) await nextTurn();
    if (scheduler.count() > 0) await scheduler.waitOne();
    else return isDone();
  }
  return false;
}

async function closes({ tenancy, stranger }: Machine): Promise<boolean> {
  let closed = false;
  const closing = Promise.all([tenancy.close(), stranger.close()]).then(() => {
    closed = true;
  });
  await Promise.race([closing, nextTurn()]);
  return closed;
}

/** Every microtask has run. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function storeOf(
  core: Core,
  plan: Plan,
  world: World,
  tenants: readonly Tenant[],
): TenantStore<Tenant> {
  const store = core.memoryStore(tenants);
  if (plan.store === "sync") return store;
  return {
    ...store,
    async find(reference) {
      await world.pause("the store");
      return store.find(reference);
    },
  };
}

/** Time is the scheduler's: a grace ends whenever its turn comes. */
function clockOf(world: World): Clock {
  return {
    now: () => 0,
    monotonic: () => 0,
    async sleep(_milliseconds, signal) {
      await world.pause("the clock");
      signal?.throwIfAborted();
    },
  };
}

function tenantOf(name: Name): Tenant {
  return { id: `id-${name}`, slug: name, status: "active", version: 1, placement: undefined };
}
