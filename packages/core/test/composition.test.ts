import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  type Clock,
  createTenancy,
  manualClock,
  memoryRegistry,
  memoryStore,
  TenancyClosedError,
  type TenancyHost,
} from "../src/index.ts";
import { composed } from "./support/composed.ts";
import { exchange } from "./support/exchange.ts";
import { gate } from "./support/gate.ts";
import { pathResolver } from "./support/start-tenancy.ts";
import { acme } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

describe("start", () => {
  it("opens registry and databases in order, and once", async () => {
    const { tenancy, log } = composed();

    await tenancy.start();
    await tenancy.start();

    expect(log).toEqual([
      "attach registry",
      "attach databases",
      "start registry",
      "start databases",
    ]);
  });

  it("and close run outside every tenant, whoever calls them", async () => {
    const seen: unknown[] = [];
    const other = createTenancy({ store: memoryStore([acme]) });
    await other.start();
    const { store, changes, transaction } = memoryRegistry();
    const look = () => void seen.push(other.current());
    const registry = { name: "looking", store, changes, transaction, start: look, close: look };
    const tenancy = createTenancy({ registry });

    await other.run(acme, async () => {
      await tenancy.start();
      await tenancy.close();
    });

    expect(seen).toEqual([null, null]);
  });

  it("that fails closes what it had opened, surfaces, and can be repeated", async () => {
    const { tenancy, log, fail } = composed();
    fail.add("start databases");

    const error = await thrownBy(() => tenancy.start());
    const meanwhile = await thrownBy(() => tenancy.run(acme, () => {}));
    fail.clear();
    await tenancy.start();

    expect(error).toEqual(new RangeError("start databases"));
    expect(meanwhile).toBeInstanceOf(TenancyClosedError);
    expect(log.slice(2)).toEqual([
      "start registry",
      "start databases",
      "close registry",
      "start registry",
      "start databases",
    ]);
    expect(await tenancy.run(acme, ({ slug }) => slug)).toBe("acme");
    await tenancy.close();
    expect(log.slice(7)).toEqual(["close databases", "close registry"]);
  });

  it("that fails and cannot even close says both", async () => {
    const { tenancy, fail } = composed();
    fail.add("start databases").add("close registry");

    const error = await thrownBy(() => tenancy.start());

    expect((error as AggregateError).errors).toEqual([
      new RangeError("start databases"),
      new RangeError("close registry"),
    ]);
    expect((error as AggregateError).message).toContain('"databases"');
  });

  it("twice at the same time opens once", async () => {
    const { tenancy, log } = composed();

    await Promise.all([tenancy.start(), tenancy.start()]);

    expect(log.filter((line) => line.startsWith("start"))).toHaveLength(2);
  });
});

it("a store with a life of its own starts after the registry and is closed before it", async () => {
  const log: string[] = [];
  const noting = (name: string) => ({
    name,
    attach: (host: TenancyHost) => void log.push(`attach ${name}, ${typeof host.registry}`),
    start: () => void log.push(`start ${name}`),
    close: () => void log.push(`close ${name}`),
  });
  const { changes, transaction, store } = memoryRegistry();
  const registry = { store, changes, transaction, ...noting("registry") };
  const tenancy = createTenancy({
    registry,
    store: { ...memoryStore([acme]), ...noting("store") },
  });

  await tenancy.start();
  const found = await tenancy.find({ by: "slug", value: "acme" });
  await tenancy.close();

  expect(found).toBe(acme);
  expect(log).toEqual([
    ...["attach registry, object", "attach store, object"],
    ...["start registry", "start store", "close store", "close registry"],
  ]);
});

describe("close", () => {
  it("closes in reverse order, once", async () => {
    const { tenancy, log } = composed();
    await tenancy.start();

    await Promise.all([tenancy.close(), tenancy.close()]);
    await tenancy.close();

    expect(log.slice(4)).toEqual(["close databases", "close registry"]);
  });

  it("closes all, whatever some of them throw", async () => {
    const { tenancy, log, fail } = composed();
    await tenancy.start();
    fail.add("close databases").add("close registry");

    const error = await thrownBy(() => tenancy.close());

    expect((error as AggregateError).errors).toEqual([
      new RangeError("close databases"),
      new RangeError("close registry"),
    ]);
    expect(log.slice(4)).toEqual(["close databases", "close registry"]);
  });

  it("waits for open scopes, in which work goes on, and refuses new ones", async () => {
    const { tenancy, log } = composed();
    await tenancy.start();
    const done = gate();
    const seen: unknown[] = [];

    const running = tenancy.run(acme, async () => {
      await done.opened;
      seen.push(
        await tenancy.run(acme, ({ slug }) => slug),
        await tenancy.central(() => "central"),
      );
    });
    const closing = tenancy.close();
    await tick();
    const refused = await thrownBy(() => tenancy.run(acme, () => {}));
    const early = [...log];
    done.open();
    await running;
    await closing;

    expect(early).not.toContain("close databases");
    expect(refused).toBeInstanceOf(TenancyClosedError);
    expect((refused as Error).message).toContain("closing");
    expect(seen).toEqual(["acme", "central"]);
    expect(log.slice(4)).toEqual(["close databases", "close registry"]);
  });

  it("refuses whoever was still being looked up, before any code of theirs runs", async () => {
    const found = gate();
    const known = memoryStore([acme]);
    const tenancy = createTenancy({
      store: { ...known, find: async (one) => found.opened.then(() => known.find(one)) },
      resolve: pathResolver,
    });
    await tenancy.start();
    const begun: string[] = [];
    const work = () => void begun.push("work");
    const early = [
      () => tenancy.run(acme.id, work),
      () => tenancy.run({ by: "slug", value: "acme" }, work),
      () => tenancy.runForEach([acme.id], work),
      () => tenancy.handle(exchange("/acme", work)),
    ].map(thrownBy);

    await tenancy.close();
    found.open();

    for (const refused of await Promise.all(early)) {
      expect(refused).toBeInstanceOf(TenancyClosedError);
    }
    expect(begun).toEqual([]);
  });

  it("waits for requests whose response is open", async () => {
    const { tenancy, log } = composed();
    await tenancy.start();
    const request = exchange("/acme", () => "answer");
    await tenancy.handle(request);

    const closing = tenancy.close();
    await tick();
    expect(log).not.toContain("close registry");
    request.close();
    await closing;

    expect(log).toContain("close registry");
  });

  it("does not wait longer than the grace", async () => {
    const { tenancy, log, clock } = composed();
    await tenancy.start();
    void tenancy.run(acme, () => gate().opened);

    const closing = tenancy.close();
    await clock.advance(4_999);
    expect(log).not.toContain("close databases");
    await clock.advance(1);
    await closing;

    expect(log.slice(4)).toEqual(["close databases", "close registry"]);
  });

  it("leaves no timer behind", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const sleep: Clock["sleep"] = (_, signal) => {
      signals.push(signal);
      return gate().opened;
    };
    const clock = { ...manualClock(), sleep };
    const tenancy = createTenancy({ store: memoryStore([acme]), clock });
    await tenancy.start();

    await tenancy.close();

    expect(signals.filter((signal) => !signal?.aborted)).toEqual([]);
  });

  it("right after start waits for it", async () => {
    const { tenancy, log } = composed();

    await Promise.all([tenancy.start(), tenancy.close()]);

    expect(log.slice(2)).toEqual([
      "start registry",
      "start databases",
      "close databases",
      "close registry",
    ]);
  });

  it("before start opens nothing, and then there is no start", async () => {
    const { tenancy, log } = composed();

    await tenancy.close();
    const error = await thrownBy(() => tenancy.start());

    expect(error).toBeInstanceOf(TenancyClosedError);
    expect(log).toEqual(["attach registry", "attach databases"]);
  });
});
