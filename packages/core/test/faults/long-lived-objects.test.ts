import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { setTimeout as sleep, setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { outsideTenancy, type Tenancy, type TenantRecord } from "../../src/index.ts";
import { gate } from "../support/gate.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";

/** What a timer, a stream or an emitter of acme sees while globex is at work. */
const created: Readonly<Record<string, (note: () => void) => () => void>> = {
  "a timeout": (note) => {
    setTimeout(note, 2);
    return () => {};
  },
  "an interval": (note) => {
    const timer = setInterval(() => {
      note();
      clearInterval(timer);
    }, 2);
    return () => {};
  },
  "an immediate": (note) => {
    setImmediate(note);
    return () => {};
  },
  "a microtask": (note) => {
    queueMicrotask(note);
    return () => {};
  },
  "an awaited promise": (note) => {
    void sleep(2).then(note);
    return () => {};
  },
};

describe("made in acme", () => {
  it.each(Object.keys(created))("X08: %s never runs as globex", async (name) => {
    const tenancy = await startTenancy();
    const seen: string[] = [];

    await besideEachOther(
      tenancy,
      () => created[name]?.(() => void seen.push(slug(tenancy))),
      () => {},
    );

    expect(seen).toEqual(["acme"]);
  });

  it("X08: a listener tied by bindEmitter, a stream's listener tied by bind and a plain one", async () => {
    const tenancy = await startTenancy();
    const emitter = new EventEmitter();
    const stream = new PassThrough();
    const seen: string[] = [];

    await besideEachOther(
      tenancy,
      () => {
        tenancy.bindEmitter(emitter).on("row", () => seen.push(`emitter ${slug(tenancy)}`));
        tenancy.bindEmitter(stream).on("data", () => seen.push(`stream ${slug(tenancy)}`));
        stream.on(
          "data",
          tenancy.bind(() => void seen.push(`bound ${slug(tenancy)}`)),
        );
      },
      () => {
        emitter.emit("row");
        stream.write("row");
      },
    );

    expect(seen.toSorted()).toEqual(["bound acme", "emitter acme", "stream acme"]);
  });
});

/** A pool of one connection whose callbacks come from the connection's own events. */
class TinyPool {
  #connection: EventEmitter | undefined;
  readonly notices: string[] = [];
  readonly #note: () => string;

  constructor(note: () => string) {
    this.#note = note;
  }

  /** Opens the connection for whoever asks first, outside its tenant. */
  async query(text: string): Promise<string> {
    this.#connection ??= outsideTenancy(() => this.#open());
    const connection = this.#connection;
    return new Promise((resolve) => {
      connection.once(`answer ${text}`, resolve);
      connection.emit("query", text);
    });
  }

  #open(): EventEmitter {
    const connection = new EventEmitter();
    const beat = setInterval(() => connection.emit("notice"), 1);
    connection.on("notice", () => this.notices.push(this.#note()));
    connection.on("close", () => clearInterval(beat));
    connection.on("query", (text: string) => {
      setImmediate(() => connection.emit(`answer ${text}`, `${text} for ${this.#note()}`));
    });
    return connection;
  }

  close(): void {
    this.#connection?.emit("close");
  }
}

describe("a pool that acme opens first", () => {
  it("X08: its own callbacks run as nobody, and every answer reaches whoever asked", async () => {
    const tenancy = await startTenancy();
    const pool = new TinyPool(() => slug(tenancy));
    const visit = (tenant: TenantRecord) =>
      tenancy.run(tenant, async () => {
        await pool.query(`${tenant.slug} 1`);
        const first = slug(tenancy);
        await pool.query(`${tenant.slug} 2`);
        await sleep(5);
        return [first, slug(tenancy)];
      });

    const seen = await Promise.all([visit(acme), visit(globex)]);
    pool.close();

    expect(seen).toEqual([
      ["acme", "acme"],
      ["globex", "globex"],
    ]);
    expect(pool.notices.length).toBeGreaterThan(0);
    expect(new Set(pool.notices)).toEqual(new Set(["nobody"]));
  });

  it("X08: the same pool opened without outsideTenancy would run its callbacks as acme", async () => {
    const tenancy = await startTenancy();
    const seen: string[] = [];

    await tenancy.run(acme, async () => {
      const careless = setInterval(() => seen.push(slug(tenancy)), 1);
      const careful = outsideTenancy(() => setInterval(() => seen.push(slug(tenancy)), 1));
      await sleep(10);
      clearInterval(careless);
      clearInterval(careful);
    });

    expect(new Set(seen)).toEqual(new Set(["acme", "nobody"]));
  });
});

/** Sets something up in acme, lets globex act, and keeps both at work until everything has fired. */
async function besideEachOther(tenancy: Tenancy, inAcme: () => unknown, inGlobex: () => unknown) {
  const done = gate();
  const stays = [
    tenancy.run(acme, async () => {
      inAcme();
      await done.opened;
    }),
    tenancy.run(globex, async () => {
      inGlobex();
      await tick();
      await sleep(10);
      await done.opened;
    }),
  ];
  await sleep(10);
  done.open();
  await Promise.all(stays);
}

function slug(tenancy: Tenancy): string {
  return tenancy.current()?.slug ?? "nobody";
}
