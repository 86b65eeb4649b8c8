import type { TenantDatabase } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { codeOf, rejectionCode } from "../suite/code-of.ts";
import { outcomes } from "../suite/outcomes.ts";
import type { MakeDatabaseManager } from "./database-manager-harness.ts";

/** Checks that nobody gets at a database but the tenant and generation in its marker. */
export function ownerTests(make: MakeDatabaseManager): void {
  it("F058: refuses to make a database that another tenant has", async () => {
    const { manager, database } = await make();
    const owned = database();
    await manager.create(owned);

    const refused = await rejectionCode(manager.create(claimedBy("another-tenant", owned)));

    expect(refused).toBe("DATABASE_OWNED");
    expect((await manager.inspect(owned))?.owner?.tenantId).toBe(owned.tenantId);
  });

  it("refuses to make a database that an older or newer generation has", async () => {
    const { manager, database } = await make();
    const owned = database(2);
    await manager.create(owned);

    for (const generation of [1, 3]) {
      expect(await rejectionCode(manager.create(ofGeneration(generation, owned)))).toBe(
        "DATABASE_OWNED",
      );
    }

    expect((await manager.inspect(owned))?.owner?.generation).toBe(2);
  });

  it("refuses to drop the database of another tenant or generation", async () => {
    const { manager, database } = await make();
    const owned = database(2);
    await manager.create(owned);

    for (const claim of [
      claimedBy("another-tenant", owned),
      claimedBy(owned.tenantId.toUpperCase(), owned),
      ofGeneration(1, owned),
      ofGeneration(3, owned),
    ]) {
      expect(await rejectionCode(manager.drop(claim))).toBe("DATABASE_OWNED");
    }

    expect(await manager.inspect(owned)).toBeDefined();
  });

  it("shows the true owner to everybody", async () => {
    const { manager, database } = await make();
    const owned = database(2);
    await manager.create(owned);

    const seen = await manager.inspect(ofGeneration(7, claimedBy("another-tenant", owned)));

    expect(seen?.owner).toEqual({ tenantId: owned.tenantId, generation: 2 });
  });

  it("gives a name to exactly one of two tenants that race for it", async () => {
    const { manager, database } = await make();
    const first = database();
    const rivals = [first, claimedBy(database().tenantId, first)];

    const { errors } = await outcomes(rivals.map((rival) => () => manager.create(rival)));

    const owner = (await manager.inspect(first))?.owner?.tenantId;
    expect(errors.map(codeOf)).toEqual(["DATABASE_OWNED"]);
    const winner = rivals.find(({ tenantId }) => tenantId === owner);
    expect(winner).toBeDefined();
    if (winner) await manager.drop(winner);
  });
}

function claimedBy(tenantId: string, { placement }: TenantDatabase): TenantDatabase {
  return { tenantId, placement };
}

function ofGeneration(generation: number, { tenantId, placement }: TenantDatabase): TenantDatabase {
  return { tenantId, placement: { ...placement, generation } };
}
