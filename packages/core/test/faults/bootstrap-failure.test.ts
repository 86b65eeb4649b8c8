import { describe, expect, it } from "vitest";
import {
  ContextEndedError,
  manualClock,
  type Scope,
  type Tenancy,
  type TenancyBootstrapper,
  type TenancyParts,
} from "../../src/index.ts";
import { exchange } from "../support/exchange.ts";
import { type NotingOptions, noting } from "../support/noting.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";
import { thrownBy } from "../support/thrown-by.ts";

const count = 4;
const positions = Array.from({ length: count }, (_, k) => k);
const paces = {
  synchronous: () => false,
  asynchronous: () => true,
  "partly asynchronous": (position: number) => position % 2 === 1,
};

const cases = (["run", "initialize", "request"] as const).flatMap((place) =>
  (Object.keys(paces) as (keyof typeof paces)[]).flatMap((pace) =>
    [false, true].map((listened) => ({ place, pace, listened })),
  ),
);

describe("a bootstrapper fails", () => {
  it.each(cases)(
    "F002: any of n, $pace, in $place, with listeners: $listened",
    async ({ place, pace, listened }) => {
      for (const k of positions) {
        const log: string[] = [];
        const bootstrappers = positions.map((position) => {
          const failing = position === k ? "bootstrap" : undefined;
          const options: NotingOptions = { asynchronous: paces[pace](position), failing };
          return noting(String(position), log, options);
        });
        const hooks: TenancyParts["hooks"] = listened ? { ended: () => {} } : {};
        const clock = manualClock();
        const tenancy = await startTenancy({ bootstrappers, hooks, clock });

        const { error, around, entered } = await enterAcme(tenancy, place);

        const booted = positions.slice(0, k);
        expect(error).toEqual(new RangeError(`bootstrap ${k}`));
        expect(entered).toBe(false);
        expect(around).toBe(place === "run" ? globex : null);
        expect(log.filter((line) => line.endsWith("acme"))).toEqual([
          ...booted.map((position) => `bootstrap ${position} acme`),
          `bootstrap ${k} acme`,
          ...booted.toReversed().map((position) => `undo ${position} acme`),
        ]);
        await tenancy.close(); // the clock stands still: it would hang if a scope were still open
      }
    },
  );

  it("F002: a retry really retries", async () => {
    let attempts = 0;
    const log: string[] = [];
    const flaky: TenancyBootstrapper = {
      name: "flaky",
      bootstrap() {
        attempts++;
        if (attempts === 1) throw new RangeError("not yet");
      },
    };
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log), flaky] });

    const first = await thrownBy(() => tenancy.run(acme, () => "entered"));
    const second = await tenancy.run(acme, () => "entered");

    expect(first).toEqual(new RangeError("not yet"));
    expect(second).toBe("entered");
    expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme", "bootstrap 1 acme", "undo 1 acme"]);
  });

  it("F002: what the failed scope was given is ended, its signal aborted, its leases destroyed", async () => {
    const scopes: Scope[] = [];
    const destroyed: string[] = [];
    const keeper: TenancyBootstrapper = {
      name: "keeper",
      bootstrap(scope) {
        scopes.push(scope);
        scope.lease(() => destroyed.push("lease"));
      },
    };
    const failing = noting("2", [], { failing: "bootstrap" });
    const tenancy = await startTenancy({ bootstrappers: [keeper, failing] });

    await thrownBy(() => tenancy.run(acme, () => "entered"));

    const [scope] = scopes;
    expect(scope?.signal.aborted).toBe(true);
    expect(scope?.signal.reason).toBeInstanceOf(ContextEndedError);
    expect(() => scope?.lease()).toThrow(ContextEndedError);
    expect(destroyed).toEqual(["lease"]);
  });

  it("F002: an undo that fails on the way back does not hide the first error", async () => {
    const log: string[] = [];
    const bootstrappers = [
      noting("1", log),
      noting("2", log, { failing: "undo" }),
      noting("3", log, { failing: "bootstrap" }),
    ];
    const tenancy = await startTenancy({ bootstrappers });

    const error = await thrownBy(() => tenancy.run(acme, () => "entered"));

    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors).toEqual([
      new RangeError("bootstrap 3"),
      new RangeError("undo 2"),
    ]);
    expect((error as AggregateError).cause).toEqual(new RangeError("bootstrap 3"));
    expect(log).toEqual([
      "bootstrap 1 acme",
      "bootstrap 2 acme",
      "bootstrap 3 acme",
      "undo 2 acme",
      "undo 1 acme",
    ]);
  });
});

/** Enters acme in one of three ways; gives what failed, who was current around it, and whether acme was entered. */
async function enterAcme(tenancy: Tenancy, place: "run" | "initialize" | "request") {
  let entered = false;
  const enter = () => {
    entered = true;
  };
  if (place === "run") {
    return tenancy.run(globex, async () => {
      const error = await thrownBy(() => tenancy.run(acme, enter));
      return { error, around: tenancy.current(), entered };
    });
  }
  if (place === "initialize") {
    return tenancy.scope(async () => {
      const error = await thrownBy(() => tenancy.initialize(acme).then(enter));
      return { error, around: tenancy.current(), entered };
    });
  }
  const request = exchange("/acme", enter);
  const error = await thrownBy(() => tenancy.handle(request));
  request.close();
  return { error, around: tenancy.current(), entered };
}
