import { expect, it } from "vitest";
import { acme, globex } from "../fixtures/tenant-record.ts";
import { codeOf, rejectionCode } from "../suite/code-of.ts";
import { outcomes } from "../suite/outcomes.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

/** Checks that a registry changes a tenant by compare-and-set. */
export function updateTests(make: MakeRegistry): void {
  it("writes the changes, leaves the rest and raises the version by one", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme({ plan: "gold" }), []));

    const updated = await registry.transaction(({ tenants }) =>
      tenants.update(acme().id, 1, { status: "suspended", metadata: { reason: "unpaid" } }),
    );

    const { updatedAt, ...rest } = updated;
    const { updatedAt: before, ...expected } = acme({
      plan: "gold",
      status: "suspended",
      metadata: { reason: "unpaid" },
      version: 2,
    });
    expect(rest).toEqual(expected);
    expect(updatedAt).not.toBe(before);
    expect(await registry.store.find({ by: "id", value: acme().id })).toEqual(updated);
  });

  it("writes placement and conditions, and clears what is set to undefined", async () => {
    const registry = await make();
    const placement = {
      driver: "sqlite",
      strategy: "database",
      server: "default",
      name: "t_acme_g1",
      generation: 1,
      secret: undefined,
    } as const;
    const maintenance = { message: "Moving", retryAfter: 30 };
    await registry.transaction(({ tenants }) => tenants.insert(acme({ plan: "gold" }), []));

    const set = await registry.transaction(({ tenants }) =>
      tenants.update(acme().id, 1, { placement, maintenance, expiresAt: 5, access: "closed" }),
    );
    const cleared = await registry.transaction(({ tenants }) =>
      tenants.update(acme().id, 2, { maintenance: undefined, expiresAt: undefined }),
    );

    expect(set).toMatchObject({ placement, maintenance, expiresAt: 5, access: "closed" });
    expect(cleared.placement).toEqual(placement);
    expect(cleared.maintenance).toBeUndefined();
    expect(cleared.expiresAt).toBeUndefined();
    expect(cleared).toMatchObject({ plan: "gold", access: "closed", version: 3 });
  });

  it("writes the dates of a life, and clears what is set to undefined", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
    const dates = {
      ...{ suspendedAt: 1, deletedAt: 2, graceUntil: 3, formerStatus: "blocked" as const },
      ...{ schemaVersion: "0007", homepage: true },
    };

    const set = await registry.transaction(({ tenants }) => tenants.update(acme().id, 1, dates));
    const kept = await registry.transaction(({ tenants }) => tenants.update(acme().id, 2, {}));
    const cleared = await registry.transaction(({ tenants }) =>
      tenants.update(acme().id, 3, {
        ...{ suspendedAt: undefined, deletedAt: undefined, graceUntil: undefined },
        ...{ formerStatus: undefined, schemaVersion: undefined, homepage: false },
      }),
    );

    expect(set).toMatchObject(dates);
    expect(kept).toMatchObject(dates);
    expect({ ...cleared, updatedAt: 0 }).toEqual({ ...acme(), version: 4, updatedAt: 0 });
  });

  it("keeps who made a tenant, and names who changed it last or nobody", async () => {
    const registry = await make();
    const made = acme({ createdBy: "user:1", updatedBy: "user:1", lastAccessedAt: 5 });
    await registry.transaction(({ tenants }) => tenants.insert(made, []));
    const wish = { updatedBy: "user:2", createdBy: "user:2", lastAccessedAt: 1 };

    const named = await registry.transaction(({ tenants }) =>
      tenants.update(acme().id, 1, wish as { updatedBy: string }),
    );
    const nobody = await registry.transaction(({ tenants }) => tenants.update(acme().id, 2, {}));

    expect(named).toMatchObject({ createdBy: "user:1", updatedBy: "user:2", lastAccessedAt: 5 });
    expect(nobody).toMatchObject({ createdBy: "user:1", updatedBy: undefined });
  });

  it("refuses a change of another version than the current one", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme({ version: 5 }), []));

    for (const version of [4, 6]) {
      const change = registry.transaction(({ tenants }) =>
        tenants.update(acme().id, version, { name: "Other" }),
      );
      expect(await rejectionCode(change)).toBe("STALE_TENANT");
    }

    const found = await registry.store.find({ by: "id", value: acme().id });
    expect(found).toEqual(acme({ version: 5 }));
  });

  it("refuses to change a tenant that is not there", async () => {
    const registry = await make();

    const refused = await rejectionCode(
      registry.transaction(({ tenants }) => tenants.update("nobody", 1, { name: "Other" })),
    );

    expect(refused).toBe("STALE_TENANT");
  });

  it("lets exactly one of racing changes win", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
    const names = ["one", "two", "three", "four", "five", "six", "seven", "eight"];

    const { values, errors } = await outcomes(
      names.map(
        (name) => () =>
          registry.transaction(({ tenants }) => tenants.update(acme().id, 1, { name })),
      ),
    );

    expect(values).toHaveLength(1);
    expect(errors.map(codeOf)).toEqual(Array(7).fill("STALE_TENANT"));
    expect(await registry.store.find({ by: "id", value: acme().id })).toEqual(values[0]);
  });

  it("frees the old slug of a renamed tenant", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));

    await registry.transaction(async ({ tenants }) => {
      await tenants.update(acme().id, 1, { slug: "acme-inc" });
      await tenants.insert(globex({ slug: "acme" }), []);
    });

    expect(await registry.store.find({ by: "slug", value: "acme" })).toMatchObject({
      id: globex().id,
    });
    expect(await registry.store.find({ by: "slug", value: "acme-inc" })).toMatchObject({
      id: acme().id,
    });
  });

  it("refuses the slug of another tenant and takes its own", async () => {
    const registry = await make();
    await registry.transaction(async ({ tenants }) => {
      await tenants.insert(acme(), []);
      await tenants.insert(globex(), []);
    });

    const taken = registry.transaction(({ tenants }) =>
      tenants.update(globex().id, 1, { slug: "acme", name: "Other" }),
    );

    expect(await rejectionCode(taken)).toBe("SLUG_TAKEN");
    expect(await registry.store.find({ by: "id", value: globex().id })).toEqual(globex());
    const same = await registry.transaction(({ tenants }) =>
      tenants.update(acme().id, 1, { slug: "acme" }),
    );
    expect(same).toMatchObject({ slug: "acme", version: 2 });
  });

  it("never changes id, version and time of creation at a caller's wish", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
    const wish = { name: "Other", id: "other", version: 99, createdAt: 1, updatedAt: 1 };

    const updated = await registry.transaction(({ tenants }) =>
      tenants.update(acme().id, 1, wish as { name: string }),
    );

    expect(updated).toMatchObject({ id: acme().id, version: 2, createdAt: acme().createdAt });
    expect(updated.updatedAt).not.toBe(1);
  });
}
