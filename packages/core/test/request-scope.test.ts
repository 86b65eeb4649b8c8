import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  ContextEndedError,
  manualClock,
  type Scope,
  type TenancyBootstrapper,
} from "../src/index.ts";
import { exchange } from "./support/exchange.ts";
import { gate } from "./support/gate.ts";
import { startTenancy } from "./support/start-tenancy.ts";
import { acme } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

describe("the scope of a request ends", () => {
  const parts = [
    "the response is closed",
    "the handler has settled",
    "a lease is released",
    "background work is done",
  ];

  it.each(permutations(parts))("once %s, %s, %s and %s", async (...order) => {
    const { tenancy, log, scope } = await started();
    const handler = gate();
    const background = gate();
    let release = () => {};
    const request = exchange("/acme", async () => {
      release = scope().lease();
      tenancy.waitUntil(background.opened);
      await handler.opened;
    });
    const steps: Readonly<Record<string, () => void>> = {
      "the response is closed": () => request.close(),
      "the handler has settled": handler.open,
      "a lease is released": () => release(),
      "background work is done": background.open,
    };

    void tenancy.handle(request);
    for (const step of order) {
      expect(log).toEqual([]);
      steps[step]?.();
      await tick();
    }

    expect(log).toEqual(["undone"]);
  });

  it("also after the handler failed, but not before the response is closed", async () => {
    for (const fail of [
      () => Promise.reject(new RangeError("a bug")),
      () => {
        throw new RangeError("a bug");
      },
    ]) {
      const { tenancy, log } = await started();
      const request = exchange("/acme", fail);

      await thrownBy(() => tenancy.handle(request));
      await tick();
      expect(log).toEqual([]); // error middleware still sees the tenant
      request.close();

      expect(log).toEqual(["undone"]);
    }
  });

  it("when the response was closed before the handler began", async () => {
    const { tenancy, log } = await started();
    const request = exchange("/acme", () => tenancy.current()?.slug);
    request.close();

    expect(tenancy.handle(request)).toBe("acme");
    expect(log).toEqual(["undone"]);
  });

  it("for a synchronous handler as soon as the response is closed, and there is nothing to tell", async () => {
    const { tenancy, log } = await started({ failure: ({ error }) => log.push(String(error)) });
    const request = exchange("/acme", () => "answer");

    await tenancy.handle(request);
    expect(log).toEqual([]);
    request.close();

    expect(log).toEqual(["undone"]);
  });

  it("and lets a tenancy that closes go on", async () => {
    const { tenancy } = await started();
    const request = exchange("/acme", () => "answer");
    await tenancy.handle(request);

    const closing = tenancy.close();
    request.close();

    await expect(closing).resolves.toBeUndefined();
  });
});

describe("a client leaves early", () => {
  it("while a query runs: signal at once, grace, destruction, undo, each once", async () => {
    const { tenancy, log, scope, clock } = await started();
    const handler = gate();
    const request = exchange("/acme", async () => {
      scope().signal.addEventListener("abort", () => log.push("aborted"));
      scope().lease(() => log.push("destroyed"));
      await handler.opened;
    });

    const handled = tenancy.handle(request);
    request.close(true);
    expect(log).toEqual(["aborted"]);
    await clock.advance(4_999);
    expect(log).toEqual(["aborted"]);
    await clock.advance(1);
    expect(log).toEqual(["aborted", "destroyed", "undone"]);
    handler.open();
    await handled;
    await clock.advance(60_000);

    expect(log).toEqual(["aborted", "destroyed", "undone"]);
  });

  it("and the configured grace counts", async () => {
    const { tenancy, log, scope, clock } = await started({ graceMs: 50 });
    const request = exchange("/acme", () => void scope().lease(() => log.push("destroyed")));

    await tenancy.handle(request);
    request.close(true);
    await clock.advance(50);

    expect(log).toEqual(["destroyed", "undone"]);
  });

  it("after which its handler gets ContextEndedError and opens no new lease", async () => {
    const { tenancy, scope } = await started();
    const handler = gate();
    const request = exchange("/acme", async () => {
      await handler.opened;
      return [
        await thrownBy(() => tenancy.currentOrFail()),
        await thrownBy(() => scope().lease()),
        await thrownBy(() => tenancy.waitUntil(Promise.resolve())),
      ];
    });

    const handled = tenancy.handle(request);
    request.close(true);
    handler.open();

    expect(await handled).toEqual(Array.from({ length: 3 }, () => expect.any(ContextEndedError)));
  });

  it("and undo runs once, also when undoing takes time and the handler settles meanwhile", async () => {
    const slow = gate();
    const { tenancy, log } = await started({ undo: () => slow.opened });
    const handler = gate();
    const request = exchange("/acme", () => handler.opened);

    const handled = tenancy.handle(request);
    request.close(true);
    handler.open();
    await handled;
    slow.open();
    await tick();

    expect(log).toEqual(["undone"]);
  });
});

describe("what fails after the response", () => {
  it("is told as a failure: undo, background work, destruction", async () => {
    const failures: unknown[] = [];
    const { tenancy, clock, scope } = await started({
      undo: () => Promise.reject(new RangeError("undo")),
      failure: ({ error, ...event }) => failures.push(event, ...(error as AggregateError).errors),
    });
    const request = exchange(
      "/acme",
      () => {
        tenancy.waitUntil(Promise.reject(new RangeError("background")));
        scope().lease(() => {
          throw new RangeError("destruction");
        });
      },
      { origin: { actor: "jo", requestId: "r1" } },
    );

    await tenancy.handle(request);
    request.close(true);
    await clock.advance(5_000);

    expect(failures).toEqual([
      { tenantId: acme.id, origin: { actor: "jo", requestId: "r1" } },
      new RangeError("background"),
      new RangeError("destruction"),
      new RangeError("undo"),
    ]);
  });
});

interface Options {
  readonly graceMs?: number;
  readonly undo?: () => Promise<void>;
  readonly failure?: (event: { readonly error: unknown }) => void;
}

async function started({ graceMs = 5_000, undo, failure = () => {} }: Options = {}) {
  const log: string[] = [];
  const scopes: Scope[] = [];
  const clock = manualClock();
  const bootstrapper: TenancyBootstrapper = {
    name: "noting",
    bootstrap(scope) {
      scopes.push(scope);
      return () => {
        log.push("undone");
        return undo?.();
      };
    },
  };
  const hooks = { failure };
  const tenancy = await startTenancy({ bootstrappers: [bootstrapper], clock, graceMs, hooks });
  return { tenancy, log, clock, scope: () => scopes.at(-1) as Scope };
}

function permutations<V>(list: readonly V[]): V[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((one, at) =>
    permutations(list.toSpliced(at, 1)).map((rest) => [one, ...rest]),
  );
}
