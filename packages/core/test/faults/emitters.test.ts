import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { ContextEndedError, type Tenancy } from "../../src/index.ts";
import { gate } from "../support/gate.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";

describe("a listener of acme, an event of globex", () => {
  it("F009: a plain emitter runs it as globex, a bound one as acme", async () => {
    const tenancy = await startTenancy();
    const emitter = new EventEmitter();
    const seen: string[] = [];

    await tenancy.run(acme, async () => {
      emitter.on("saved", () => seen.push(`plain ${slug(tenancy)}`));
      tenancy.bindEmitter(emitter).on("saved", () => seen.push(`bound ${slug(tenancy)}`));
      await tenancy.run(globex, () => emitter.emit("saved"));
    });

    expect(seen).toEqual(["plain globex", "bound acme"]);
  });

  it("F009: each of a chain of additions is bound", async () => {
    const tenancy = await startTenancy();
    const emitter = new EventEmitter();
    const seen: string[] = [];
    const note = () => void seen.push(slug(tenancy));

    await tenancy.run(acme, async () => {
      tenancy
        .bindEmitter(emitter)
        .on("saved", note)
        .once("saved", note)
        .setMaxListeners(5)
        .prependListener("saved", note);
      await tenancy.run(globex, () => emitter.emit("saved"));
    });

    expect(seen).toEqual(["acme", "acme", "acme"]);
  });

  it("F009: one listener that both tenants add runs once as each", async () => {
    const tenancy = await startTenancy();
    const bus = tenancy.bindEmitter(new EventEmitter());
    const seen: string[] = [];
    const note = () => void seen.push(slug(tenancy));
    const both = gate();

    const stays = [acme, globex].map((tenant) =>
      tenancy.run(tenant, async () => {
        bus.on("saved", note);
        await both.opened;
      }),
    );
    bus.emit("saved");
    both.open();
    await Promise.all(stays);

    expect(seen).toEqual(["acme", "globex"]);
  });

  it("F009: a tenant that takes the shared listener off leaves the other tenant's in place", async () => {
    const tenancy = await startTenancy();
    const bus = tenancy.bindEmitter(new EventEmitter());
    const seen: string[] = [];
    const note = () => void seen.push(slug(tenancy));
    const done = gate();

    const acmeStay = tenancy.run(acme, async () => {
      bus.on("saved", note);
      await done.opened;
    });
    await tenancy.run(globex, () => {
      bus.on("saved", note);
      bus.off("saved", note);
    });
    bus.emit("saved");
    done.open();
    await acmeStay;

    expect(seen).toEqual(["acme"]);
  });

  it("F009: whoever added first takes its own listener off, not the one that was added last", async () => {
    const tenancy = await startTenancy();
    const bus = tenancy.bindEmitter(new EventEmitter());
    const seen: string[] = [];
    const note = () => void seen.push(slug(tenancy));

    await tenancy.run(acme, async () => {
      bus.on("saved", note);
      const removed = gate();
      const added = gate();
      const globexStay = tenancy.run(globex, async () => {
        bus.on("saved", note);
        added.open();
        await removed.opened;
      });
      await added.opened;
      bus.off("saved", note);
      bus.emit("saved");
      removed.open();
      await globexStay;
    });

    expect(seen).toEqual(["globex"]);
  });

  it("F009: a stay's listener is not reused in the next stay", async () => {
    const tenancy = await startTenancy();
    const bus = tenancy.bindEmitter(new EventEmitter());
    const seen: string[] = [];
    const note = () => void seen.push(slug(tenancy));

    await tenancy.run(acme, () => void bus.once("saved", note).emit("saved"));
    await tenancy.run(globex, () => void bus.once("saved", note).emit("saved"));

    expect(seen).toEqual(["acme", "globex"]);
  });

  it("F009: after acme's scope has ended it throws and the listener is not run", async () => {
    const tenancy = await startTenancy();
    const bus = tenancy.bindEmitter(new EventEmitter());
    const seen: string[] = [];

    await tenancy.run(acme, () => void bus.on("saved", () => seen.push("ran")));

    expect(() => tenancy.run(globex, () => bus.emit("saved"))).toThrow(ContextEndedError);
    expect(seen).toEqual([]);
  });
});

function slug(tenancy: Tenancy): string {
  return tenancy.current()?.slug ?? "nobody";
}
