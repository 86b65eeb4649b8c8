import {
  createTenancy,
  memoryStore,
  type TenancyBootstrapper,
  type TenancyEventMap,
} from "@af-tenancy/core";
import { acme, globex } from "@af-tenancy/testing";
import { expect, it } from "vitest";

const store = memoryStore([acme(), globex()]);

const names = [
  "initializing",
  "bootstrapping",
  "bootstrapped",
  "initialized",
  "ending",
  "reverting",
  "reverted",
  "ended",
] as const satisfies (keyof TenancyEventMap)[];

it("goes in and out in this order", async () => {
  const order: string[] = [];

  // #region order
  const noting = (name: string): TenancyBootstrapper => ({
    name,
    bootstrap() {
      order.push(`bootstrap ${name}`);
      return () => void order.push(`undo ${name}`);
    },
  });
  const tenancy = createTenancy({ store, bootstrappers: [noting("first"), noting("second")] });
  await tenancy.start();
  for (const name of names) tenancy.events.on(name, () => void order.push(name));

  await tenancy.run(acme(), async () => order.push("your callback"));

  expect(order).toEqual([
    "initializing",
    "bootstrapping",
    "bootstrap first",
    "bootstrap second",
    "bootstrapped",
    "initialized",
    "your callback",
    "ending",
    "reverting",
    "undo second",
    "undo first",
    "reverted",
    "ended",
  ]);
  // #endregion
});

it("takes back what was done when entering fails half-way", async () => {
  const order: string[] = [];

  // #region half-way
  const first: TenancyBootstrapper = {
    name: "first",
    bootstrap: () => () => void order.push("undo first"),
  };
  const second: TenancyBootstrapper = {
    name: "second",
    bootstrap() {
      throw new RangeError("the search server is gone");
    },
  };
  const tenancy = createTenancy({ store, bootstrappers: [first, second] });
  await tenancy.start();

  const entering = async () => tenancy.run(acme(), async () => order.push("never"));

  await expect(entering()).rejects.toThrow("the search server is gone");
  expect(order).toEqual(["undo first"]);
  expect(tenancy.current()).toBeNull();
  // #endregion
});

it("undoes the rest when an undo fails, and says everything", async () => {
  const order: string[] = [];

  // #region failing-undo
  const first: TenancyBootstrapper = {
    name: "first",
    bootstrap: () => () => void order.push("undo first"),
  };
  const second: TenancyBootstrapper = {
    name: "second",
    bootstrap: () => () => {
      throw new RangeError("the temporary file is locked");
    },
  };
  const tenancy = createTenancy({ store, bootstrappers: [first, second] });
  await tenancy.start();

  const leaving = tenancy.run(acme(), async () => "done");

  await expect(leaving).rejects.toThrow(AggregateError);
  expect(order).toEqual(["undo first"]);
  // #endregion
});
