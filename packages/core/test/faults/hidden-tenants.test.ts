import { describe, expect, it } from "vitest";
import {
  errorResponse,
  manualClock,
  type RouteMode,
  type TenantDeniedError,
  type TenantStatus,
} from "../../src/index.ts";
import { exchange } from "../support/exchange.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";
import { thrownBy } from "../support/thrown-by.ts";

const modes: readonly RouteMode[] = ["tenant", "central", "universal"];
const hidden: readonly TenantStatus[] = ["pending", "deleting", "deleted"];

describe.each(hidden)("S030: a tenant that is %s", (status) => {
  it.each(modes)("cannot be told from an unknown one by a %s route", async (mode) => {
    const tenancy = await startTenancy({}, [{ ...acme, status }, globex]);
    const answer = async (path: string) => {
      const error = await thrownBy(() => tenancy.handle(exchange(path, () => "served", { mode })));
      return errorResponse(error);
    };

    expect(await answer("/acme")).toEqual(await answer("/nobody"));
    expect((await answer("/acme")).body.error.code).toBe("TENANT_NOT_FOUND");
  });
});

it("a suspension bites when its grace is over, and nothing has to happen for it", async () => {
  const clock = manualClock(1_000);
  const suspended = { ...acme, status: "suspended", suspendedAt: 0, graceUntil: 1_010 } as const;
  const tenancy = await startTenancy({ clock }, [suspended, globex]);
  const visit = async (path: string) => {
    const request = exchange(path, () => tenancy.current()?.slug);
    try {
      return await tenancy.handle(request);
    } catch (error) {
      return (error as TenantDeniedError).code;
    } finally {
      request.close();
    }
  };

  expect([await visit("/acme"), await visit("/globex")]).toEqual(["acme", "globex"]);
  await clock.advance(9);
  expect([await visit("/acme"), await visit("/globex")]).toEqual(["acme", "globex"]);
  await clock.advance(1);
  expect([await visit("/acme"), await visit("/globex")]).toEqual(["TENANT_SUSPENDED", "globex"]);
});
