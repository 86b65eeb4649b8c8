import {
  ContextEndedError,
  createTenancy,
  memoryStore,
  outsideTenancy,
  type Scope,
} from "@af-tenancy/core";
import { acme, bootstrapperContract, globex } from "@af-tenancy/testing";
import { expect, it } from "vitest";
import { type Connection, queryIn } from "../src/lease-connection.ts";
import { MAILER, type Mailer, mailerBootstrapper } from "../src/mailer-bootstrapper.ts";
import { startTenancy } from "./start-tenancy.ts";

const store = memoryStore([acme(), globex()]);

const outbox = () => {
  const sent: string[] = [];
  const connect = (from: string): Mailer => ({
    send: async (to, text) => void sent.push(`${from} -> ${to}: ${text}`),
    close: async () => void sent.push(`closed ${from}`),
  });
  return { sent, connect };
};

it("sends as the current tenant, and connects only when somebody sends", async () => {
  const { sent, connect } = outbox();

  // #region use
  const tenancy = createTenancy({ store, bootstrappers: [mailerBootstrapper(connect)] });
  await tenancy.start();

  await tenancy.run({ by: "slug", value: "acme" }, async () => {
    await tenancy.get(MAILER).send("ann@example.org", "Welcome");
  });
  await tenancy.run({ by: "slug", value: "globex" }, async () => {
    // nobody asks for the mailer, so none is made
  });
  // #endregion

  expect(sent).toEqual([
    '"Acme" <no-reply@acme.example.com> -> ann@example.org: Welcome',
    'closed "Acme" <no-reply@acme.example.com>',
  ]);
});

// #region contract
bootstrapperContract("mailer", {
  async create(watch) {
    const connect = (from: string) => ({ from, send: async () => {}, close: async () => {} });
    const tenancy = createTenancy({ store, bootstrappers: [watch(mailerBootstrapper(connect))] });
    await tenancy.start();
    return {
      enter: (tenant, work) => tenancy.run(tenant, work),
      observe: () => JSON.stringify(tenancy.get(MAILER)), // other for each tenant
      close: () => tenancy.close(),
    };
  },
});
// #endregion

it("keeps the scope open until the lease is given back", async () => {
  const order: string[] = [];
  const connection: Connection = {
    async send(sql) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(sql);
      return [];
    },
    destroy: () => void order.push("destroyed"),
  };
  const pool = { take: async () => connection, give: () => void order.push("given back") };
  let scope: Scope | undefined;
  const tenancy = await startTenancy({
    bootstrappers: [
      {
        name: "pool",
        bootstrap(entered) {
          scope = entered;
          return () => void order.push("undo");
        },
      },
    ],
  });

  await tenancy.run(acme(), () => {
    void queryIn(scope as Scope, pool, "select 1");
    return new Promise((resolve) => setTimeout(resolve, 1));
  });

  expect(order).toEqual(["select 1", "given back", "undo"]);
  await expect(queryIn(scope as Scope, pool, "select 2")).rejects.toThrow(ContextEndedError);
});

it("makes what lives longer outside every tenant", async () => {
  const tenancy = await startTenancy();
  const seen: unknown[] = [];

  // #region outside
  await tenancy.run({ by: "slug", value: "acme" }, async () => {
    // The first request of the process makes the timer, and it must not run as that request's tenant.
    const timer = outsideTenancy(() => setInterval(() => seen.push(tenancy.current()), 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    clearInterval(timer);
  });
  // every entry of seen is null
  // #endregion

  expect(seen.length).toBeGreaterThan(0);
  expect(seen.every((one) => one === null)).toBe(true);
});
