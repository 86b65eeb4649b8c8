import { EventEmitter } from "node:events";
import { setTimeout } from "node:timers/promises";
import { ContextEndedError, TenantMismatchError, valueKey } from "@af-tenancy/core";
import { acme, globex } from "@af-tenancy/testing";
import { expect, it } from "vitest";
import { startTenancy } from "./start-tenancy.ts";

it("runs in a tenant and leaves it", async () => {
  const tenancy = await startTenancy();

  // #region run
  const slug = await tenancy.run({ by: "slug", value: "acme" }, async (tenant) => {
    await setTimeout(5);
    return tenancy.current() === tenant ? tenant.slug : "never";
  });
  // slug is "acme", and here tenancy.current() is null again
  // #endregion

  expect(slug).toBe("acme");
  expect(tenancy.current()).toBeNull();
});

it("keeps tenants apart that run at the same time", async () => {
  const tenancy = await startTenancy();

  // #region parallel
  const seen = await Promise.all(
    ["acme", "globex"].map((slug) =>
      tenancy.run({ by: "slug", value: slug }, async () => {
        await setTimeout(Math.random() * 5);
        return tenancy.currentOrFail().slug;
      }),
    ),
  );
  // ["acme", "globex"]
  // #endregion

  expect(seen).toEqual(["acme", "globex"]);
});

it("says when central is meant", async () => {
  const tenancy = await startTenancy();

  // #region central
  const inside = await tenancy.run({ by: "slug", value: "acme" }, async () => {
    const central = await tenancy.central(async () => tenancy.current());
    return { central, after: tenancy.currentOrFail().slug };
  });
  // { central: null, after: "acme" }
  // #endregion

  expect(inside).toEqual({ central: null, after: "acme" });
});

it("goes through tenants, and keeps going", async () => {
  const tenancy = await startTenancy();
  const failures: unknown[] = [];
  const rebuildIndex = async (tenant: { slug: string }) => {
    if (tenant.slug === "globex") throw new RangeError("no index");
  };

  // #region run-for-each
  const report = await tenancy.runForEach(null, (tenant) => rebuildIndex(tenant), {
    concurrency: 4,
    onError: (error, tenant) => failures.push({ tenant, error }),
  });
  // { succeeded: 1, failed: 1 }
  // #endregion

  expect(report).toEqual({ succeeded: 1, failed: 1 });
  expect(failures).toHaveLength(1);
});

it("switches tenants in an open scope", async () => {
  const tenancy = await startTenancy();
  const visited: string[] = [];

  // #region scope
  await tenancy.scope(async () => {
    await tenancy.initialize({ by: "slug", value: "acme" });
    visited.push(tenancy.currentOrFail().slug);

    await tenancy.initialize({ by: "slug", value: "globex" }); // leaves acme first
    visited.push(tenancy.currentOrFail().slug);

    await tenancy.reinitialize(); // leaves globex, reads it anew, enters it again
    await tenancy.end(); // here there is no tenant
  });
  // #endregion

  expect(visited).toEqual(["acme", "globex"]);
});

const GREETING = valueKey<string>("guide:greeting");

it("ties values to a stay, also when the scope has moved on", async () => {
  const tenancy = await startTenancy({
    bootstrappers: [
      {
        name: "greeting",
        bootstrap: (scope) => scope.provide(GREETING, () => `Hello ${scope.tenant.slug}`),
      },
    ],
  });
  const observed: unknown[] = [];

  // #region stay
  await tenancy.scope(async () => {
    const stay = await tenancy.initialize({ by: "slug", value: "acme" });
    const branch = setTimeout(5).then(() => {
      observed.push(tenancy.currentOrFail().slug); // "globex": only asking cannot be caught
      stay.get(GREETING); // throws ContextEndedError: the value was acme's
    });
    await tenancy.initialize({ by: "slug", value: "globex" });
    await branch.catch((error) => observed.push(error));
  });
  // #endregion

  expect(observed).toEqual(["globex", expect.any(ContextEndedError)]);
});

it("waits for work that goes on after the answer", async () => {
  const tenancy = await startTenancy();
  const sent: string[] = [];
  const sendWelcome = async () => {
    await setTimeout(5);
    sent.push(tenancy.currentOrFail().slug);
  };

  // #region wait-until
  await tenancy.run({ by: "slug", value: "acme" }, async () => {
    tenancy.waitUntil(sendWelcome()); // not awaited here, and still inside the scope
  });
  // #endregion

  expect(sent).toEqual(["acme"]);
});

it("binds callbacks and listeners to the scope they were made in", async () => {
  const tenancy = await startTenancy();
  const emitter = new EventEmitter();
  const heard: string[] = [];

  // #region bind
  await tenancy.run({ by: "slug", value: "acme" }, async () => {
    const note = tenancy.bind(() => heard.push(tenancy.currentOrFail().slug));
    tenancy.bindEmitter(emitter).on("change", note);

    await tenancy.run({ by: "slug", value: "globex" }, async () => emitter.emit("change"));
  });
  // heard is ["acme"]; a "change" from now on throws ContextEndedError
  // #endregion

  expect(heard).toEqual(["acme"]);
  expect(() => emitter.emit("change")).toThrow(ContextEndedError);
});

it("keeps generators in their tenant", async () => {
  const tenancy = await startTenancy();

  // #region generator
  const lines = tenancy.run(acme(), async function* () {
    yield `first line of ${tenancy.currentOrFail().slug}`;
    yield `last line of ${tenancy.currentOrFail().slug}`;
  });
  const read: string[] = [];
  for await (const line of await lines) read.push(line);
  // #endregion

  expect(read).toEqual(["first line of acme", "last line of acme"]);
});

it("refuses an iterator of one tenant inside another", async () => {
  const tenancy = await startTenancy();
  const linesOf = async function* (slug: string) {
    yield slug;
  };
  let crossing: unknown;

  // #region bind-iterator
  await tenancy.run(acme(), async () => {
    const lines = tenancy.bindIterator(linesOf("acme"));
    crossing = await tenancy.run(globex(), () => lines.next()).catch((error: unknown) => error);
    // crossing is a TenantMismatchError
  });
  // #endregion

  expect(crossing).toBeInstanceOf(TenantMismatchError);
});

it("carries who acts and why", async () => {
  const tenancy = await startTenancy();

  // #region origin
  const origin = await tenancy.run(
    { by: "slug", value: "acme" },
    async () => tenancy.central(async () => tenancy.origin(), { reason: "price list" }),
    { actor: "nightly-report", requestId: "job-7" },
  );
  // { actor: "nightly-report", requestId: "job-7", reason: "price list" }
  // #endregion

  expect(origin).toEqual({ actor: "nightly-report", requestId: "job-7", reason: "price list" });
});
