import { isTenancyError, type TenantDatabase } from "@af-tenancy/core";
import { expect, it } from "vitest";
import type { MakeDatabaseManager } from "./database-manager-harness.ts";

/** Checks that no physical name can reach what is not the tenant's. */
export function nameTests(make: MakeDatabaseManager, more: readonly string[] = []): void {
  it.each([...badNames, ...more].map((name) => [JSON.stringify(name).slice(0, 40), name]))(
    "C035: refuses the name %s",
    async (_, name) => {
      const { manager, database } = await make();
      const named = renamed(database(), name);

      const created = await rejection(manager.create(named));
      const dropped = await rejection(manager.drop(named));

      expect(isTenancyError(created), String(created)).toBe(true);
      expect(isTenancyError(dropped), String(dropped)).toBe(true);
    },
  );

  it("F063: keeps long ids apart", async () => {
    const { manager, database } = await make();
    const [one, other] = [database(), database(12)];
    await manager.create(one);
    await manager.create(other);

    expect((await manager.inspect(one))?.owner?.tenantId).toBe(one.tenantId);
    expect((await manager.inspect(other))?.owner).toEqual({
      tenantId: other.tenantId,
      generation: 12,
    });
  });
}

const badNames: readonly string[] = [
  "",
  " ",
  ".",
  "..",
  "../escape",
  "a/b",
  "/etc/passwd",
  "a\\b",
  "nul\0byte",
  'quo"te',
  "quo'te",
  "back`tick",
  "semi;colon",
  "new\nline",
  "per%cent",
  "n\u00e4me",
  "x".repeat(300),
];

function renamed({ tenantId, placement }: TenantDatabase, name: string): TenantDatabase {
  return { tenantId, placement: { ...placement, name } };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return "nothing was refused";
  } catch (error) {
    return error;
  }
}
