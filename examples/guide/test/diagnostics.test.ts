import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { acme } from "@af-tenancy/testing";
import { expect, it, onTestFinished } from "vitest";
import { startTenancy } from "./start-tenancy.ts";

it("counts what is entered", async () => {
  const tenancy = await startTenancy();

  // #region count
  const entered = new Map<string, number>();
  const count = (message: unknown) => {
    const { event, tenantId } = message as { event: string; tenantId: string };
    if (event === "initialized") entered.set(tenantId, (entered.get(tenantId) ?? 0) + 1);
  };
  subscribe("af-tenancy:lifecycle", count);
  // #endregion
  onTestFinished(() => void unsubscribe("af-tenancy:lifecycle", count));

  await tenancy.run(acme(), async () => {});
  expect(entered).toEqual(new Map([[acme().id, 1]]));
});

it("finds code that goes on after its scope", async () => {
  const tenancy = await startTenancy();
  const found: unknown[] = [];

  // #region leaks
  const leak = (message: unknown) => {
    const { tenantId, opened } = message as { tenantId: string; opened?: string };
    found.push(`${tenantId} was used after its end; ${opened}`);
  };
  subscribe("af-tenancy:ended-access", leak);
  // #endregion
  onTestFinished(() => void unsubscribe("af-tenancy:ended-access", leak));

  let late = Promise.resolve("never");
  await tenancy.run(acme(), async () => {
    late = new Promise((resolve) => setTimeout(resolve, 5)).then(
      () => tenancy.currentOrFail().slug,
    );
  });
  await expect(late).rejects.toThrow("has ended");
  expect(found).toEqual([
    expect.stringMatching(
      /was used after its end; Error: The scope was opened here\n.*context\.ts/,
    ),
  ]);
});
