import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, describe, expect, it } from "vitest";
import { operationChannel } from "../src/diagnostics.ts";
import { manualClock, type Scope, type TenancyBootstrapper } from "../src/index.ts";
import { exchange } from "./support/exchange.ts";
import { OWNER, ownerBootstrapper, startTenancy } from "./support/start-tenancy.ts";
import { acme, globex, tenantRecord } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

const origin = { actor: "jo", requestId: "r1", reason: "support" };

describe("the channel", () => {
  it("af-tenancy:start tells each part that is started, in order, and which one never was", async () => {
    const told = hear("start");
    const parts = ["first", "second", "third"].map((name) => ({
      ...{ name, bootstrap() {}, attach() {} },
      start() {
        if (name === "second") throw new Error("no");
      },
    }));

    await expect(startTenancy({ bootstrappers: parts })).rejects.toThrow("no");

    expect(told).toEqual([
      { event: "begun", component: "first" },
      { event: "done", component: "first" },
      { event: "begun", component: "second" },
    ]);
  });

  it("af-tenancy:lifecycle tells every step of a scope, in order", async () => {
    const told = hear("lifecycle");
    const tenancy = await startTenancy();

    await tenancy.run(acme, () => {}, origin);

    expect(told).toEqual(
      [
        "initializing",
        "bootstrapping",
        "bootstrapped",
        "initialized",
        "ending",
        "reverting",
        "reverted",
        "ended",
      ].map((event) => ({ event, tenantId: acme.id, origin })),
    );
  });

  it("af-tenancy:lifecycle tells an open scope and a request alike, and nothing of central", async () => {
    const told = hear("lifecycle") as { event: string }[];
    const tenancy = await startTenancy();

    await tenancy.scope(() => tenancy.initialize(acme));
    const openScope = told.splice(0).map(({ event }) => event);
    const request = exchange("/acme", () => {});
    await tenancy.handle(request);
    request.close();
    const inRequest = told.splice(0).map(({ event }) => event);
    await tenancy.central(() => {});

    expect(openScope).toHaveLength(8);
    expect(inRequest).toEqual(openScope);
    expect(told).toEqual([]);
  });

  it("S068: af-tenancy:bootstrapper and af-tenancy:value tell what is done for a tenant, in order, and what never ended", async () => {
    const told = hear("bootstrapper");
    hearInto(told, "value");
    const tenancy = await startTenancy({
      bootstrappers: [
        ownerBootstrapper,
        {
          name: "slow",
          bootstrap: async ({ tenant }) => {
            if (tenant.id === globex.id) throw new RangeError("no");
          },
        },
      ],
    });

    await tenancy.run(acme, () => tenancy.get(OWNER).slug + tenancy.get(OWNER).slug);
    await thrownBy(() => tenancy.run(globex, () => {}));

    const of = (tenantId: string) => ({ tenantId });
    expect(told).toEqual([
      { event: "begun", bootstrapper: "owner", ...of(acme.id) },
      { event: "done", bootstrapper: "owner", ...of(acme.id) },
      { event: "begun", bootstrapper: "slow", ...of(acme.id) },
      { event: "done", bootstrapper: "slow", ...of(acme.id) },
      { event: "begun", value: "owner", ...of(acme.id) },
      { event: "made", value: "owner", ...of(acme.id) },
      { event: "begun", bootstrapper: "owner", ...of(globex.id) },
      { event: "done", bootstrapper: "owner", ...of(globex.id) },
      { event: "begun", bootstrapper: "slow", ...of(globex.id) },
    ]);
  });

  it("af-tenancy:resolution tells every identified request, of both sides", async () => {
    const told = hear("resolution");
    const tenancy = await startTenancy();
    const requests = ["/acme", "/central", "/nobody"].map((path) =>
      exchange(path, () => {}, { mode: "universal" }),
    );

    for (const request of requests) await thrownBy(() => tenancy.handle(request));

    expect(told).toEqual([
      { request: requests[0]?.request, tenantId: acme.id },
      { request: requests[1]?.request, tenantId: null },
    ]);
  });

  it("af-tenancy:denial tells every refused request with its error and whose it was", async () => {
    const told = hear("denial");
    const suspended = tenantRecord({ slug: "suspended", status: "suspended" });
    const tenancy = await startTenancy({}, [acme, suspended]);
    const refused = exchange("/nobody", () => {});
    const suspendedToo = exchange("/suspended", () => {});
    const failing = exchange("/acme", () => Promise.reject(new RangeError("a bug")));

    const error = await thrownBy(() => tenancy.handle(refused));
    const denial = await thrownBy(() => tenancy.handle(suspendedToo));
    await thrownBy(() => tenancy.handle(failing));

    expect(told).toEqual([
      { request: refused.request, error, tenantId: null },
      { request: suspendedToo.request, error: denial, tenantId: suspended.id },
    ]);
  });

  it("af-tenancy:lease tells when one is taken, and how it ends, once", async () => {
    const told = hear("lease");
    const clock = manualClock();
    const scopes: Scope[] = [];
    let late = () => {};
    const keeping: TenancyBootstrapper = {
      name: "keeping",
      bootstrap: (scope) => void scopes.push(scope),
    };
    const tenancy = await startTenancy({ bootstrappers: [keeping], clock });
    const request = exchange(
      "/acme",
      () => {
        const [scope] = scopes as [Scope];
        const release = scope.lease();
        release();
        release();
        late = scope.lease();
      },
      { origin },
    );

    await tenancy.handle(request);
    request.close(true);
    await clock.advance(5_000);
    late();

    expect(told).toEqual(
      ["taken", "released", "taken", "destroyed"].map((event) => ({
        event,
        tenantId: acme.id,
        origin,
      })),
    );
  });

  it("af-tenancy:failure tells what no caller sees, as the event does", async () => {
    const told = hear("failure");
    const heard: unknown[] = [];
    const tenancy = await startTenancy({ hooks: { failure: (event) => void heard.push(event) } });
    const error = new RangeError("hidden behind a 500");

    await tenancy.run(acme, () => tenancy.report(error), origin);
    tenancy.report(error);

    expect(told).toEqual([
      { error, tenantId: acme.id, origin },
      { error, tenantId: null, origin: {} },
    ]);
    expect(heard).toEqual(told);
  });

  it("af-tenancy:operation is named for those who run operations", () => {
    expect(operationChannel.name).toBe("af-tenancy:operation");
  });
});

describe("a failure that nobody listens to", () => {
  it("becomes a warning of the process", async () => {
    const tenancy = await startTenancy();
    const warned = new Promise((resolve) => process.once("warning", resolve));

    tenancy.report(new RangeError("nobody listens"));

    expect(await warned).toEqual(new RangeError("nobody listens"));
  });

  it("becomes one too when its listener fails", async () => {
    const failure = () => Promise.reject(new RangeError("the listener fails"));
    const tenancy = await startTenancy({ hooks: { failure } });
    const warned = new Promise((resolve) => process.once("warning", resolve));

    tenancy.report(new RangeError("hidden"));

    expect(await warned).toEqual(new RangeError("the listener fails"));
  });
});

function hear(channel: string): unknown[] {
  return hearInto([], channel);
}

function hearInto(told: unknown[], channel: string): unknown[] {
  const listener = (message: unknown) => void told.push(message);
  subscribe(`af-tenancy:${channel}`, listener);
  cleanUps.push(() => unsubscribe(`af-tenancy:${channel}`, listener));
  return told;
}
