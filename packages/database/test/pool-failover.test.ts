import { DatabaseNotReadyError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { startPool } from "./start-pool.ts";

it("S023: has nobody wait who can go elsewhere when a shared connection cannot be opened", async () => {
  const failing = Promise.withResolvers<void>();
  let tries = 0;
  const { lease } = startPool({
    ...{ connections: 10, maxWait: 5_000, failsOver: true },
    ...{ key: () => "shared", enter: (driver) => driver },
    opening() {
      tries += 1;
      return tries === 1 ? undefined : failing.promise;
    },
  });
  const held = await lease("acme");

  const waiting = Promise.allSettled([lease("acme"), lease("globex"), lease("initech")]);
  failing.reject(new RangeError("it does not answer"));

  const names = ["t_acme_g1", "t_globex_g1", "t_initech_g1"];
  expect(await waiting).toMatchObject(
    names.map((name) => ({
      reason: { code: "DATABASE_UNAVAILABLE", message: expect.stringContaining(name) },
    })),
  );
  expect(tries).toBe(2);
  await held.release();
});

it("S023: has others wait on when what cannot be opened is one tenant's own", async () => {
  let broken = false;
  const { lease } = startPool({
    ...{ connections: 10, maxWait: 5_000, failsOver: true },
    ...{ key: () => "shared", enter: (driver) => driver },
    opening(tenantId) {
      if (broken && tenantId === "acme") throw new DatabaseNotReadyError(tenantId, "it is missing");
    },
  });
  const held = await lease("acme");
  broken = true;

  const [own, other] = await Promise.allSettled([lease("acme"), lease("globex")]);

  expect([own.status, other.status]).toEqual(["rejected", "fulfilled"]);
  if (other.status === "fulfilled") await other.value.release();
  await held.release();
});
