import { createTenancy, memoryStore, VetoedError } from "@af-tenancy/core";
import { acme } from "@af-tenancy/testing";
import { expect, it } from "vitest";
import { startTenancy } from "./start-tenancy.ts";

it("lets a listener refuse", async () => {
  const tenancy = await startTenancy();

  // #region veto
  const remove = tenancy.events.on("initializing", ({ tenant, scope }) => {
    if (tenant.slug === "acme" && scope.origin.actor !== "support") return false;
  });
  // #endregion

  expect(() => tenancy.run(acme(), () => "in")).toThrow(VetoedError);
  expect(tenancy.run(acme(), () => "in", { actor: "support" })).toBe("in");
  remove();
  expect(tenancy.run(acme(), () => "in")).toBe("in");
});

it("replaces the bootstrappers of one stay", async () => {
  const ran: string[] = [];
  const tenancy = await startTenancy({
    bootstrappers: [
      { name: "search", bootstrap: () => void ran.push("search") },
      { name: "mail", bootstrap: () => void ran.push("mail") },
    ],
  });

  // #region replace
  tenancy.events.on("bootstrapping", ({ scope, bootstrappers, replaceBootstrappers }) => {
    if (scope.origin.reason !== "import") return;
    replaceBootstrappers(bootstrappers.filter(({ name }) => name !== "mail"));
  });
  // #endregion

  await tenancy.run(acme(), async () => {}, { reason: "import" });
  expect(ran).toEqual(["search"]);
});

it("hears failures that no caller sees", async () => {
  const lines: string[] = [];
  const log = { error: (line: string, _: unknown) => void lines.push(line) };

  const store = memoryStore([acme()]);

  // #region failure
  const tenancy = createTenancy({
    store,
    hooks: {
      failure: ({ error, tenantId, origin }) =>
        log.error(`${tenantId ?? "central"} ${origin.requestId ?? "-"} ${String(error)}`, error),
    },
  });
  // #endregion

  await tenancy.start();
  await tenancy.run(acme(), () => tenancy.report(new RangeError("lost")), { requestId: "r1" });
  expect(lines).toEqual([`${acme().id} r1 RangeError: lost`]);
});
