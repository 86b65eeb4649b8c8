import type { TenantDatabase } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { codeOf, rejectionCode } from "../suite/code-of.ts";
import { forThisTest } from "../suite/for-this-test.ts";
import { outcomes } from "../suite/outcomes.ts";
import type { DatabaseManagerHarness, MakeDatabaseManager } from "./database-manager-harness.ts";

/** Checks that a manager which adopts takes nobody's databases only; one that does not has no way to. */
export function adoptTests(make: MakeDatabaseManager, harness: DatabaseManagerHarness): void {
  async function unmarked() {
    const { manager, database } = await make();
    const given = database();
    if (manager.adopt === undefined) return undefined;
    expect(harness.makeUnmarked, "makeUnmarked, or a reason in leftOut").toBeDefined();
    await forThisTest(
      () => harness.makeUnmarked?.(given, manager),
      () => harness.dropUnmarked?.(given, manager),
    );
    const adopt = (one: TenantDatabase) => manager.adopt?.(one) ?? Promise.resolve();
    return {
      manager,
      database,
      given,
      adopt,
      owner: async () => (await manager.inspect(given))?.owner,
    };
  }

  it("marks a database that bears no marker, once", async () => {
    const subject = await unmarked();
    if (subject === undefined) return;
    const { given, adopt, owner } = subject;

    await adopt(given);
    await adopt(given); // repeated after a crash, it does nothing

    expect(await owner()).toEqual({ tenantId: given.tenantId, generation: 1 });
  });

  it("F057: gives its owner's database a newer generation, and none an older one", async () => {
    const subject = await unmarked();
    if (subject === undefined) return;
    const { given, adopt, owner } = subject;
    await adopt(given);

    await adopt(ofGeneration(3, given));
    const older = await rejectionCode(adopt(ofGeneration(2, given)));

    expect(older).toBe("DATABASE_OWNED");
    expect(await owner()).toEqual({ tenantId: given.tenantId, generation: 3 });
  });

  it("F058: takes nobody's database for another's, and makes none", async () => {
    const subject = await unmarked();
    if (subject === undefined) return;
    const { manager, database, given, adopt, owner } = subject;
    const missing = database();
    await adopt(given);

    const stolen = await rejectionCode(adopt({ ...given, tenantId: missing.tenantId }));
    const made = await rejectionCode(adopt(missing));

    expect([stolen, made]).toEqual(["DATABASE_OWNED", "DATABASE_NOT_READY"]);
    expect(await owner()).toEqual({ tenantId: given.tenantId, generation: 1 });
    expect(await manager.inspect(missing)).toBeUndefined();
  });

  it("F055: gives a database to exactly one of those that adopt it at once", async () => {
    const subject = await unmarked();
    if (subject === undefined) return;
    const { database, given, adopt, owner } = subject;
    const rivals = [given, ...[1, 2, 3].map(() => ({ ...given, tenantId: database().tenantId }))];

    const { errors } = await outcomes(rivals.map((rival) => () => adopt(rival)));

    expect(errors.map(codeOf)).toEqual(Array(3).fill("DATABASE_OWNED"));
    const winner = await owner();
    expect(rivals.map(({ tenantId }) => tenantId)).toContain(winner?.tenantId);
  });
}

function ofGeneration(generation: number, { tenantId, placement }: TenantDatabase): TenantDatabase {
  return { tenantId, placement: { ...placement, generation } };
}
