import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, expectTypeOf, it } from "vitest";
import { EventBus, eventNames, lifecycleEvents } from "../src/events.ts";
import {
  type LifecycleEvent,
  type Scope,
  type TenantRecord,
  type Vetoable,
  VetoedError,
} from "../src/index.ts";
import { acme } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

describe("listeners", () => {
  it("are told in the order they were added, without a promise where none is needed", () => {
    const bus = new EventBus<TenantRecord>();
    const log: string[] = [];
    bus.on("initialized", () => void log.push("first"));
    bus.on("initialized", () => void log.push("second"));
    bus.on("ended", () => void log.push("another event"));

    const told = bus.emit("initialized", initialized);

    expect(told).toBeUndefined();
    expect(log).toEqual(["first", "second"]);
  });

  it("wait for each other", async () => {
    const bus = new EventBus<TenantRecord>();
    const log: string[] = [];
    bus.on("initialized", async () => {
      await tick();
      log.push("slow");
    });
    bus.on("initialized", () => void log.push("quick"));

    await bus.emit("initialized", initialized);

    expect(log).toEqual(["slow", "quick"]);
  });

  it.each([
    {
      pace: "at once",
      fail: () => {
        throw new RangeError("a listener fails");
      },
    },
    { pace: "later", fail: () => Promise.reject(new RangeError("a listener fails")) },
  ])(
    "that fail $pace reach whoever caused the event, and the next one is not told",
    async ({ fail }) => {
      const bus = new EventBus<TenantRecord>();
      const log: string[] = [];
      bus.on("initialized", fail);
      bus.on("initialized", () => void log.push("next"));

      const error = await thrownBy(() => bus.emit("initialized", initialized));

      expect(error).toEqual(new RangeError("a listener fails"));
      expect(log).toEqual([]);
    },
  );

  it("are removed by what on gave, each addition by its own, once or more", () => {
    const bus = new EventBus<TenantRecord>();
    const log: string[] = [];
    const listener = () => void log.push("told");
    const removeFirst = bus.on("initialized", listener);
    bus.on("initialized", listener);

    removeFirst();
    removeFirst();
    void bus.emit("initialized", initialized);

    expect(log).toEqual(["told"]);
  });

  it("that are added or removed while an event is told do not change this telling", () => {
    const bus = new EventBus<TenantRecord>();
    const log: string[] = [];
    bus.on("initialized", () => {
      removeSecond();
      bus.on("initialized", () => void log.push("added"));
    });
    const removeSecond = bus.on("initialized", () => void log.push("second"));

    void bus.emit("initialized", initialized);

    expect(log).toEqual(["second"]);
  });
});

describe("a veto", () => {
  it.each([
    ["at once", () => false as const],
    ["later", () => Promise.resolve(false as const)],
  ])("%s throws VetoedError, and the next listener is not told", async (_, refuse) => {
    const bus = new EventBus<TenantRecord>();
    const log: string[] = [];
    bus.on("initializing", refuse);
    bus.on("initializing", () => void log.push("next"));

    const error = await thrownBy(() => bus.emit("initializing", initializing));

    expect(error).toBeInstanceOf(VetoedError);
    expect((error as Error).message).toContain('"initializing"');
    expect(log).toEqual([]);
  });

  it("is exactly false: other answers that look like no refuse nothing", () => {
    const bus = new EventBus<TenantRecord>();
    for (const answer of [undefined, null, 0, "", true]) {
      bus.on("initializing", (() => answer) as () => void);
    }

    expect(() => bus.emit("initializing", initializing)).not.toThrow();
  });

  it("of an event that cannot be refused is ignored", () => {
    const bus = new EventBus<TenantRecord>();
    bus.on("initialized", (() => false) as unknown as () => void);

    expect(() => bus.emit("initialized", initialized)).not.toThrow();
  });
});

describe("a bus", () => {
  it("is quiet until somebody listens to the life of scopes, and again after", () => {
    const bus = new EventBus();

    expect(bus.quiet).toBe(true);
    for (const name of lifecycleEvents) {
      const remove = bus.on(name, () => {});
      expect(bus.quiet, name).toBe(false);
      expect(bus.has(name)).toBe(true);
      remove();
      expect(bus.quiet, name).toBe(true);
      expect(bus.has(name)).toBe(false);
    }
  });

  it("stays quiet when somebody listens to other events only", () => {
    const bus = new EventBus();

    for (const name of eventNames) {
      if (!(lifecycleEvents as readonly string[]).includes(name)) bus.on(name, () => {});
    }

    expect(bus.quiet).toBe(true);
  });

  it("types the answer of a listener by its event", () => {
    const bus = new EventBus<TenantRecord>();

    bus.on("initializing", ({ tenant }) => {
      expectTypeOf(tenant).toEqualTypeOf<TenantRecord>();
      return false;
    });
    // @ts-expect-error an event that cannot be refused takes no false
    bus.on("initialized", () => false);
    // @ts-expect-error there is no such event
    expect(() => bus.on("initialised", () => {})).not.toThrow();
  });
});

const scope = {} as Scope<TenantRecord>;
const initialized: LifecycleEvent<TenantRecord> = { tenant: acme, scope };
const initializing: LifecycleEvent<TenantRecord> & Vetoable = { ...initialized, vetoable: true };
