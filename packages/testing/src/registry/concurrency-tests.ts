import { expect, it } from "vitest";
import { acme, globex, tenantRecord } from "../fixtures/tenant-record.ts";
import { codeOf } from "../suite/code-of.ts";
import { elapse } from "../suite/elapse.ts";
import { outcomes } from "../suite/outcomes.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

/** Checks what transactions that overlap see of each other. */
export function concurrencyTests(make: MakeRegistry): void {
  it("shows a change to readers after the commit only", async () => {
    const registry = await make();
    let during: unknown = "not read";

    await registry.transaction(async ({ tenants }) => {
      await tenants.insert(acme(), []);
      during = await registry.store.find({ by: "slug", value: "acme" });
    });

    expect(during).toBeUndefined();
    expect(await registry.store.find({ by: "slug", value: "acme" })).toBeDefined();
  });

  it("F055: gives a slug to exactly one of racing tenants", async () => {
    const registry = await make();
    const rivals = Array.from({ length: 20 }, (_, index) =>
      tenantRecord({ id: `tenant-${index}`, slug: "acme" }),
    );

    const { values, errors } = await outcomes(
      rivals.map((rival) => () => registry.transaction(({ tenants }) => tenants.insert(rival, []))),
    );

    expect(values).toHaveLength(1);
    expect(errors.map(codeOf)).toEqual(Array(19).fill("SLUG_TAKEN"));
  });

  it("does not mix the writes of works that wait in between", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme({ name: "0" }), []));

    const { values } = await outcomes(
      ["one", "two", "three"].map((name) => async () => {
        for (let attempt = 1; ; attempt += 1) {
          const read = await registry.store.find({ by: "slug", value: "acme" });
          const { version = 0, name: before = "" } = read ?? {};
          const change = registry.transaction(async ({ tenants }) => {
            const written = await tenants.update(acme().id, version, { name: `${before} ${name}` });
            await elapse(5);
            return written;
          });
          const outcome = await change.catch(codeOf);
          if (outcome !== "STALE_TENANT") return outcome;
          if (attempt === 20) return "gave up";
        }
      }),
    );

    const found = await registry.store.find({ by: "slug", value: "acme" });
    expect(values).not.toContain("gave up");
    expect(found?.version).toBe(4);
    expect(found?.name.split(" ").sort()).toEqual(["0", "one", "three", "two"]);
  });

  it("keeps what one transaction wrote when another one that overlaps rejects", async () => {
    const registry = await make();

    const { errors } = await outcomes([
      () =>
        registry.transaction(async ({ tenants }) => {
          await tenants.insert(acme(), []);
          await elapse(20);
          throw "on purpose";
        }),
      () =>
        registry.transaction(async ({ tenants }) => {
          await elapse(5);
          await tenants.insert(globex(), []);
        }),
    ]);

    expect(errors).toEqual(["on purpose"]);
    expect(await registry.store.find({ by: "slug", value: "acme" })).toBeUndefined();
    expect(await registry.store.find({ by: "slug", value: "globex" })).toBeDefined();
  });
}
