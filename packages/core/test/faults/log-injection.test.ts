import { expect, it } from "vitest";
import {
  DomainTakenError,
  isTenancyError,
  SlugTakenError,
  TenantNotFoundError,
} from "../../src/index.ts";
import { exchange } from "../support/exchange.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { tenantRecord } from "../support/tenants.ts";
import { thrownBy } from "../support/thrown-by.ts";

/** Ends the line, colours the next one, deletes a line, turns text round. */
const hostile = "x\r\n\u001b[31mFAKE\u009b2K\u2028\u202e\u0000";
const printable = /^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+$/u;

it("F138: spells out what a tenant's name would do to a log, in errors and in what is told of denials", async () => {
  const tenant = tenantRecord({ id: hostile, slug: "suspended", status: "suspended" });
  const denied: unknown[] = [];
  const hooks = { denied: ({ error }: { readonly error: unknown }) => void denied.push(error) };
  const tenancy = await startTenancy({ hooks }, [tenant]);

  const refused = await thrownBy(() => tenancy.handle(exchange("/suspended", () => {})));
  const unknown = await thrownBy(() => tenancy.run({ by: hostile, value: hostile }, () => {}));

  expect(denied).toEqual([refused]);
  for (const error of [
    ...[refused, unknown, new SlugTakenError(hostile), new DomainTakenError(hostile)],
    new TenantNotFoundError("slug", hostile),
  ]) {
    if (!isTenancyError(error)) throw error;
    expect(error.message).toMatch(printable);
    expect(error.message).toContain("[31mFAKE");
    expect((error.stack ?? "").split("\n")[0]).toMatch(printable);
  }
});
