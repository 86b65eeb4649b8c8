import { EventEmitter, once } from "node:events";
import { describe, expect, expectTypeOf, it } from "vitest";
import { ConfigurationError, ContextEndedError, outsideTenancy } from "../src/index.ts";
import { startTenancy } from "./support/start-tenancy.ts";
import { acme, globex } from "./support/tenants.ts";

describe("a bound callback", () => {
  it("keeps its arguments, its result, its this and its type", async () => {
    const tenancy = await startTenancy();

    await tenancy.run(acme, () => {
      const owner = { bound: tenancy.bind(thisAndArguments) };

      expect(owner.bound(1, "two")).toEqual([owner, 1, "two"]);
      expectTypeOf(owner.bound).parameters.toEqualTypeOf<[number, string]>();
      expectTypeOf(owner.bound).returns.toEqualTypeOf<unknown[]>();
    });
  });

  it("passes on what the callback throws and leaves the caller where it is", async () => {
    const tenancy = await startTenancy();

    await tenancy.run(acme, async () => {
      const failing = tenancy.bind(() => {
        throw new RangeError(`in ${tenancy.current()?.slug}`);
      });
      await tenancy.run(globex, () => {
        expect(failing).toThrow(new RangeError("in acme"));
        expect(tenancy.current()).toBe(globex);
      });
    });
  });

  it("runs in its scope wherever it is called, with that scope's origin", async () => {
    const tenancy = await startTenancy();
    const look = () => [tenancy.current()?.slug, tenancy.origin().requestId];

    await tenancy.run(
      acme,
      async () => {
        const bound = tenancy.bind(look);
        const seen = [
          await tenancy.run(globex, bound, { requestId: "r2" }),
          await tenancy.central(bound),
          outsideTenancy(bound),
        ];
        expect(seen).toEqual(Array.from({ length: 3 }, () => ["acme", "r1"]));
      },
      { requestId: "r1" },
    );
  });

  it("bound in central or outside every scope runs with no tenant", async () => {
    const tenancy = await startTenancy();
    const outside = tenancy.bind(() => tenancy.current());

    await tenancy.central(async () => {
      const inCentral = tenancy.bind(() => tenancy.current());

      expect(await tenancy.run(acme, inCentral)).toBeNull();
      expect(await tenancy.run(acme, outside)).toBeNull();
    });
  });

  it("in an open scope belongs to the stay it was bound in, not to the scope", async () => {
    const tenancy = await startTenancy();

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      const bound = tenancy.bind(() => tenancy.current()?.slug);
      expect(bound()).toBe("acme");
      await tenancy.initialize(globex);

      expect(bound).toThrow(ContextEndedError);
      expect(tenancy.current()).toBe(globex);
    });
  });

  it("cannot change the tenant of an open scope", async () => {
    const tenancy = await startTenancy();

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      const switching = tenancy.bind(() => tenancy.initialize(globex));

      await expect(switching()).rejects.toMatchObject({ code: "SCOPE_SEALED" });
    });
  });

  it("throws after its scope has ended, whose code does not run", async () => {
    const tenancy = await startTenancy();
    const log: string[] = [];

    const bound = await tenancy.run(acme, () => tenancy.bind(() => void log.push("ran")));

    expect(bound).toThrow(ContextEndedError);
    expect(log).toEqual([]);
  });

  it("has to be a function", async () => {
    const tenancy = await startTenancy();

    expect(() => tenancy.bind("nothing" as never)).toThrow(ConfigurationError);
  });
});

describe("a bound emitter", () => {
  it("tells a listener added by once one time", async () => {
    const { emitter, log, inAcme } = await started();

    await inAcme((bus) => {
      bus.once("event", (value) => log.push(`once ${value}`));
      bus.prependOnceListener("event", (value) => log.push(`prepended ${value}`));
      emitter.emit("event", 1);
      emitter.emit("event", 2);
    });

    expect(log).toEqual(["prepended 1", "once 1"]);
    expect(emitter.listenerCount("event")).toBe(0);
  });

  it.each(["off", "removeListener"] as const)(
    "takes a listener away by %s, however it was added",
    async (remove) => {
      const { emitter, log, inAcme } = await started();
      const listener = () => void log.push("told");

      await inAcme((bus) => {
        for (const add of adding) {
          bus[add]("event", listener);
          expect(emitter.listenerCount("event"), add).toBe(1);
          bus[remove]("event", listener);
          expect(emitter.listenerCount("event"), add).toBe(0);
        }
        emitter.emit("event");
      });

      expect(log).toEqual([]);
    },
  );

  it("takes one addition away at a time", async () => {
    const { emitter, log, inAcme } = await started();
    const listener = () => void log.push("told");

    await inAcme((bus) => {
      bus.on("event", listener).on("event", listener);
      bus.off("event", listener);
      emitter.emit("event");
    });

    expect(log).toEqual(["told"]);
  });

  it("takes away a listener that was added without it, and ignores an unknown one", async () => {
    const { emitter, log, inAcme } = await started();
    const listener = () => void log.push("told");
    emitter.on("event", listener);

    await inAcme((bus) => {
      bus.off("event", () => {});
      bus.off("event", listener);
    });
    emitter.emit("event");

    expect(log).toEqual([]);
  });

  it("keeps the order of listeners, their this and arguments, and what emit gives", async () => {
    const { emitter, log, inAcme } = await started();

    await inAcme((bus) => {
      bus.on("event", function (this: unknown) {
        log.push(this === emitter || this === bus ? "second" : "a stranger's this");
      });
      bus.prependListener("event", () => log.push("first"));

      bus.on("event", (...given) => log.push(given.join()));

      expect(bus.emit("event", 1, 2, 3)).toBe(true);
      expect(bus.emit("another")).toBe(false);
    });

    expect(log).toEqual(["first", "second", "1,2,3"]);
  });

  it("refuses a listener that is no function when it is added, as Node does", async () => {
    const { inAcme } = await started();

    await inAcme((bus) => {
      expect(() => bus.on("event", undefined as never)).toThrow(TypeError);
    });
  });

  it("is still an emitter of its own class, for Node's helpers too", async () => {
    class Mailbox extends EventEmitter {
      readonly label = "inbox";
      #letters = 0;
      receive(): number {
        this.#letters++;
        this.emit("letter", this.#letters);
        return this.#letters;
      }
    }
    const tenancy = await startTenancy();
    const mailbox = new Mailbox();
    const view = tenancy.bindEmitter(mailbox);

    const letter = once(view, "letter");

    expect(view).toBeInstanceOf(Mailbox);
    expect(view.label).toBe("inbox");
    expect(view.eventNames()).toContain("letter");
    expect(view.receive()).toBe(1);
    expect(await letter).toEqual([1]);
  });
});

const adding = ["on", "once", "addListener", "prependListener", "prependOnceListener"] as const;

async function started() {
  const tenancy = await startTenancy();
  const emitter = new EventEmitter();
  const log: string[] = [];
  const inAcme = async (fn: (bus: EventEmitter) => void) => {
    await tenancy.run(acme, () => fn(tenancy.bindEmitter(emitter)));
  };
  return { tenancy, emitter, log, inAcme };
}

function thisAndArguments(this: unknown, first: number, second: string): unknown[] {
  return [this, first, second];
}
