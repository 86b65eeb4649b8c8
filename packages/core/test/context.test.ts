import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Context } from "../src/context.ts";
import {
  ContextEndedError,
  manualClock,
  NoTenantContextError,
  type Scope,
  type TenancyBootstrapper,
  type ValueKey,
  valueKey,
} from "../src/index.ts";
import { exchange } from "./support/exchange.ts";
import { gate } from "./support/gate.ts";
import { startTenancy } from "./support/start-tenancy.ts";
import { acme, globex } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

const VALUE: ValueKey<string> = valueKey("value");
const LATE: ValueKey<string> = valueKey("late");

it("one creator serves every scope, each with its own", async () => {
  const create = (_get: unknown, { tenant }: Scope) => tenant.slug ?? "";
  const tenancy = await startTenancy({
    bootstrappers: [{ name: "value", bootstrap: (scope) => scope.provide(VALUE, create) }],
  });
  const seen: string[] = [];
  const read = async () => {
    await tick();
    seen.push(tenancy.get(VALUE));
    await tick();
    seen.push(tenancy.get(VALUE));
  };

  await Promise.all([tenancy.run(acme, read), tenancy.run(globex, read)]);

  expect(seen).toEqual(["acme", "globex", "acme", "globex"]);
});

describe("background work", () => {
  it("sees its tenant and its values to its end", async () => {
    const { tenancy } = await started();
    const seen: unknown[] = [];

    await tenancy.run(acme, () => {
      tenancy.waitUntil(
        tick().then(() => {
          seen.push(tenancy.current()?.slug, tenancy.get(VALUE));
        }),
      );
    });

    expect(seen).toEqual(["acme", "value"]);
  });

  it("that starts more background work is waited for as well", async () => {
    const { tenancy, log } = await started();

    await tenancy.run(acme, () => {
      tenancy.waitUntil(
        tick().then(() => {
          tenancy.waitUntil(tick().then(() => log.push("second")));
          log.push("first");
        }),
      );
    });

    expect(log).toEqual(["first", "second", "undone"]);
  });

  it("that fails surfaces where the scope ends, after the callback's own error", async () => {
    const { tenancy, log } = await started();
    const late = new RangeError("late");
    const own = new TypeError("own");

    const alone = await thrownBy(() =>
      tenancy.run(acme, () => tenancy.waitUntil(tick().then(() => Promise.reject(late)))),
    );
    const both = await thrownBy(() =>
      tenancy.run(acme, () => {
        tenancy.waitUntil(Promise.reject(late));
        throw own;
      }),
    );

    expect(alone).toBe(late);
    expect((both as AggregateError).errors).toEqual([own, late]);
    expect(log).toEqual(["undone", "undone"]);
  });

  it("in central is waited for too", async () => {
    const { tenancy } = await started();
    const log: string[] = [];

    await tenancy.central(() => tenancy.waitUntil(tick().then(() => log.push("done"))));

    expect(log).toEqual(["done"]);
  });
});

describe("the signal", () => {
  it("is aborted with ContextEndedError when the scope begins to end", async () => {
    const { tenancy, scope } = await started();

    const { signal } = await tenancy.run(acme, () => {
      const { signal } = scope();
      expect(signal.aborted).toBe(false);
      return { signal };
    });

    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBeInstanceOf(ContextEndedError);
  });

  it("is one and the same for everybody", async () => {
    const { tenancy, scope } = await started();

    await tenancy.run(acme, () => expect(scope().signal).toBe(scope().signal));
  });

  it("that is asked for afterwards is aborted already", async () => {
    const { tenancy, scope } = await started();

    await tenancy.run(acme, () => {});

    expect(scope().signal.aborted).toBe(true);
  });

  it("fires at once when the client leaves, while the handler still works", async () => {
    const clock = manualClock();
    const { tenancy, scope, log } = await started(clock);
    const done = gate();
    const request = exchange("/acme", async () => {
      scope().lease();
      scope().signal.addEventListener("abort", () => log.push("aborted"));
      await done.opened;
    });

    const handled = tenancy.handle(request);
    request.close(true);

    expect(log).toEqual(["aborted"]);
    done.open();
    await handled;
  });
});

describe("a context", () => {
  it("that has ended does not begin to end again", () => {
    const context = new Context(acme, {});

    context.beginEnding();
    context.markEnded();
    context.beginEnding();

    expect(context.state).toBe("ended");
  });

  it("gives what is to be taken back once", () => {
    const context = new Context(acme, {});
    const undo = () => {};

    context.addUndo(undo);

    expect(context.takeBack()).toEqual({ run: undo, next: undefined });
    expect(context.takeBack()).toBeUndefined();
  });

  it("that is idle already says so at once, and once", () => {
    const context = new Context(acme, {});
    const told: string[] = [];

    context.whenIdle(() => told.push("idle"));
    context.lease()();

    expect(told).toEqual(["idle"]);
  });

  it("of the central side has no tenant and no values", () => {
    const context = new Context(null, {});

    expect(context.tenantOrNull).toBeNull();
    expect(() => context.tenant).toThrow(NoTenantContextError);
    expect(() => context.get(VALUE)).toThrow(NoTenantContextError);
  });
});

describe("while a scope ends", () => {
  it("a created value can still be read, and none can be created or provided", async () => {
    const seen: unknown[] = [];
    const bootstrapper: TenancyBootstrapper = {
      name: "ending",
      bootstrap(scope) {
        scope.provide(VALUE, () => "value");
        scope.provide(LATE, () => "late");
        return async () => {
          seen.push(await thrownBy(() => tenancy.get(LATE)));
          seen.push(await thrownBy(() => scope.provide(valueKey("new"), () => "new")));
          seen.push(await thrownBy(() => scope.lease()));
        };
      },
    };
    const tenancy = await startTenancy({ bootstrappers: [bootstrapper] });

    await tenancy.run(acme, () => tenancy.get(VALUE));

    expect(seen).toEqual(Array.from({ length: 3 }, () => expect.any(ContextEndedError)));
  });

  it("a disposal reads what its value was made from, because that is disposed of later", async () => {
    const log: unknown[] = [];
    const bootstrapper: TenancyBootstrapper = {
      name: "disposing",
      bootstrap(scope) {
        scope.provide(
          VALUE,
          () => "base",
          (value) => void log.push(`disposed of ${value}`),
        );
        scope.provide(
          LATE,
          (get) => `made from ${get(VALUE)}`,
          (value) => void log.push(`${value} with ${tenancy.get(VALUE)}`),
        );
        return () => void log.push("undone");
      },
    };
    const tenancy = await startTenancy({ bootstrappers: [bootstrapper] });

    await tenancy.run(acme, () => tenancy.get(LATE));

    expect(log).toEqual(["made from base with base", "disposed of base", "undone"]);
  });
});

async function started(clock = manualClock(), failure: (error: unknown) => void = () => {}) {
  const log: string[] = [];
  const scopes: Scope[] = [];
  const bootstrapper: TenancyBootstrapper = {
    name: "noting",
    bootstrap(scope) {
      scopes.push(scope);
      scope.provide(VALUE, () => "value");
      return () => void log.push("undone");
    },
  };
  const hooks = { failure: ({ error }: { error: unknown }) => failure(error) };
  const tenancy = await startTenancy({ bootstrappers: [bootstrapper], clock, hooks });
  return { tenancy, log, scope: () => scopes.at(-1) as Scope };
}
