import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  ContextEndedError,
  manualClock,
  type Scope,
  type TenancyBootstrapper,
  type ValueKey,
  valueKey,
} from "../src/index.ts";
import { exchange } from "./support/exchange.ts";
import { gate } from "./support/gate.ts";
import { startTenancy } from "./support/start-tenancy.ts";
import { acme, globex } from "./support/tenants.ts";

const VALUE: ValueKey<string> = valueKey("value");

describe("a lease", () => {
  it("keeps run from ending until it is released, once or twice", async () => {
    const { tenancy, log, scope } = await started();

    const running = tenancy.run(acme, () => {
      const release = scope().lease(() => log.push("destroyed"));
      void tick().then(() => {
        log.push("released");
        release();
        release();
      });
      return "result";
    });

    expect(await running).toBe("result");
    expect(log).toEqual(["released", "undone"]);
  });

  it("is waited for together with all others and the background work", async () => {
    const { tenancy, log, scope } = await started();
    const turns = [gate(), gate(), gate()];

    const running = tenancy.run(acme, () => {
      for (const { opened } of turns.slice(0, 2)) void opened.then(scope().lease());
      tenancy.waitUntil((turns[2] as (typeof turns)[0]).opened);
    }) as Promise<void>;
    for (const { open } of turns) {
      expect(log).toEqual([]);
      open();
      await tick();
    }
    await running;

    expect(log).toEqual(["undone"]);
  });

  it("is refused once the scope is ending", async () => {
    const { tenancy, scope } = await started();

    await tenancy.run(acme, () => {});

    expect(() => scope().lease()).toThrow(ContextEndedError);
  });

  it("of a cut-off scope has the grace, and then is destroyed before the undo, once", async () => {
    const clock = manualClock();
    const { tenancy, log, scope } = await started(clock);
    const request = exchange("/acme", () => {
      scope().lease(() => log.push("destroyed"));
    });

    await tenancy.handle(request);
    request.close(true);
    await clock.advance(4_999);
    expect(log).toEqual([]);
    await clock.advance(1);

    expect(log).toEqual(["destroyed", "undone"]);
  });

  it("of a cut-off scope that is released in time is not destroyed", async () => {
    const clock = manualClock();
    const { tenancy, log, scope } = await started(clock);
    const released = gate();
    const request = exchange("/acme", () => {
      void released.opened.then(scope().lease(() => log.push("destroyed")));
    });

    await tenancy.handle(request);
    request.close(true);
    released.open();
    await clock.advance(0);

    expect(log).toEqual(["undone"]);
    await clock.advance(10_000);
    expect(log).toEqual(["undone"]);
  });

  it("that cannot be destroyed keeps no other from it, and the failure is told", async () => {
    const clock = manualClock();
    const failures: unknown[] = [];
    const { tenancy, log, scope } = await started(clock, (error) => failures.push(error));
    const request = exchange("/acme", () => {
      scope().lease(() => {
        throw new RangeError("stuck");
      });
      scope().lease(() => log.push("destroyed"));
    });

    await tenancy.handle(request);
    request.close(true);
    await clock.advance(5_000);

    expect(log).toEqual(["destroyed", "undone"]);
    expect((failures as AggregateError[])[0]?.errors).toEqual([new RangeError("stuck")]);
  });

  it("leaves no timer behind when it is released", async () => {
    const clock = manualClock();
    const signals: (AbortSignal | undefined)[] = [];
    const sleep: typeof clock.sleep = (milliseconds, signal) => {
      signals.push(signal);
      return clock.sleep(milliseconds, signal);
    };
    const { tenancy, scope } = await started({ ...clock, sleep });

    await tenancy.run(acme, () => {
      void tick().then(scope().lease());
    });

    expect(signals.filter((signal) => !signal?.aborted)).toEqual([]);
  });

  it("in an open scope makes a change wait for its caller", async () => {
    const { tenancy, scope } = await started();

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      const release = scope().lease();
      await expect(tenancy.initialize(globex)).rejects.toMatchObject({ code: "SCOPE_BUSY" });
      expect(tenancy.current()).toBe(acme);
      release();

      await expect(tenancy.initialize(globex)).resolves.toMatchObject({ tenant: globex });
    });
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
