import { isThenable } from "@af-tenancy/core";
import { expect, it } from "vitest";
import type { PromptDriver } from "../src/connection/driver-connections.ts";
import { startPool } from "./start-pool.ts";

type Enter = (driver: PromptDriver) => PromptDriver | Promise<PromptDriver>;

const ways: readonly [string, Enter][] = [
  ["at once, with its connection", (driver) => viewOf(driver, true)],
  ["at once, and its connection later", (driver) => viewOf(driver, false)],
  ["later, with its connection", async (driver) => viewOf(driver, true)],
  ["later, and its connection still later", async (driver) => viewOf(driver, false)],
];

it.each(ways)("S023: lends the view of a shared connection that is given %s", async (_, enter) => {
  const views: ReturnType<Enter>[] = [];
  const { lease } = startPool({
    ...{ connections: 2, key: () => "shared" },
    enter(driver) {
      const view = enter(driver);
      views.push(view);
      return view;
    },
  });

  const taken = await lease("acme");

  const view = await views[0];
  expect(taken.driver).toBe(view);
  expect(taken.connection).toBe(await view?.acquireConnection());
  await taken.release();
});

it("has nobody wait for a shared connection that is entered at once", async () => {
  const views: PromptDriver[] = [];
  const { pool, borrower, use } = startPool({
    ...{ connections: 2, key: () => "shared" },
    enter(driver, { tenantId }) {
      if (tenantId === "acme") return driver;
      const view = viewOf(driver, true);
      views.push(view);
      return view;
    },
  });
  await use("acme");

  const own = pool.lease(borrower("acme"));
  expect(isThenable(own)).toBe(false);
  await (await own).release();
  const other = pool.lease(borrower("globex"));
  expect(isThenable(other)).toBe(false);
  expect(await other).toMatchObject({ driver: views[0], connection: views[0]?.connection });
  await (await other).release();
});

it.each(ways)(
  "S023: knows for whom a connection was entered that was given %s",
  async (_, enter) => {
    const entered: string[] = [];
    const seats = new WeakMap<object, string>();
    const { lease, use } = startPool({
      ...{ connections: 4, key: () => "shared", seat: ({ tenantId }) => tenantId },
      enter(driver, { tenantId }) {
        if (seats.get(driver) !== tenantId) entered.push(tenantId);
        seats.set(driver, tenantId);
        return enter(driver);
      },
    });
    const all = [await lease("acme"), await lease("globex"), await lease("umbrella")];
    for (const one of all) await one.release();
    const fourth = await lease("stark");
    await fourth.release();
    entered.length = 0;

    for (let round = 0; round < 2; round++) await use("initech");

    expect(entered).toEqual(["initech"]);
  },
);

it("lends no connection to two at once, and first the one that was used last", async () => {
  for (const seat of [undefined, () => "everybody"]) {
    const { lease } = startPool({
      ...{ connections: 5, key: () => "shared", enter: (driver) => driver },
      ...(seat && { seat }),
    });
    const leases = [await lease("acme"), await lease("acme")];
    for (const one of leases) await one.release();

    const again = [await lease("acme"), await lease("acme")];

    expect(again.map(({ driver }) => driver)).toEqual(leases.map((one) => one.driver).reverse());
    for (const one of again) await one.release();
  }
});

/** Another driver over the same connection, with a connection of its own. */
function viewOf(driver: PromptDriver, isPrompt: boolean): PromptDriver {
  const connection = Object.create(driver.connection ?? {});
  return Object.assign(Object.create(driver), {
    ...(isPrompt && { connection }),
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
  });
}
