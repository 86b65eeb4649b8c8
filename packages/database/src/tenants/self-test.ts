import { type Clock, isTenancyError, type Placement } from "@af-tenancy/core";
import { defineEntity, p } from "@mikro-orm/sql";
import { everlastingScope } from "../connection/lease-scope.ts";
import { Turns } from "../connection/turns.ts";
import { IsolationBrokenError, PoolExhaustedError } from "../errors.ts";
import { SharedOrm } from "./shared-orm.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import { entitiesFor } from "./tenant-entities.ts";
import { TenantHandle } from "./tenant-handle.ts";

/**
 * Writes rows with the same key for two sample tenants in memory, one inside the other's transaction, and reads them
 * back. Throws `IsolationBrokenError` when either sees anything but its own.
 */
export async function selfTest(driver: TenantDriver, clock: Clock): Promise<void> {
  const sample = defineEntity({
    name: "IsolationSample",
    properties: { id: p.integer().primary(), owner: p.string() },
  });
  const orm = new SharedOrm(driver, entitiesFor([sample], driver.manager.driver));
  const one = sampleHandle(driver, clock, "one");
  const other = sampleHandle(driver, clock, "other");
  const read = async (em: ReturnType<typeof orm.entityManager>) =>
    (await em.fork({ keepTransactionContext: true }).findOne(sample, 1))?.owner;

  try {
    for (const handle of [one, other]) await createSchema(orm, handle);
    const ours = orm.entityManager(one, everlastingScope());
    const theirs = orm.entityManager(other, everlastingScope());
    await ours.transactional(async (outer) => {
      await outer.insert(sample, { id: 1, owner: "one" });
      await theirs.transactional(async (inner) => {
        await inner.insert(sample, { id: 1, owner: "other" });
        expectOwner(await read(outer), "one");
        expectOwner(await read(inner), "other");
      });
    });
    expectOwner(await read(ours), "one");
    expectOwner(await read(theirs), "other");
  } catch (error) {
    if (isTenancyError(error)) throw error;
    throw new IsolationBrokenError("the self-test could not be run", { cause: error });
  } finally {
    await Promise.all([one.connection.close(), other.connection.close()]);
  }
}

function expectOwner(found: string | undefined, expected: string): void {
  if (found === expected) return;
  throw new IsolationBrokenError(`tenant "${expected}" read a row of "${found ?? "nobody"}"`);
}

async function createSchema(orm: SharedOrm, { connection }: TenantHandle): Promise<void> {
  const lease = await connection.lease();
  try {
    await orm.schema.create(lease, "sample");
  } finally {
    await lease.release();
  }
}

function sampleHandle(driver: TenantDriver, clock: Clock, tenantId: string): TenantHandle {
  const placement: Placement = {
    driver: driver.manager.driver,
    strategy: "database",
    server: "default",
    name: tenantId,
    generation: 1,
    secret: undefined,
  };
  const source = {
    open: () => driver.openSample(),
    readOwner: async () => ({ tenantId, generation: 1 }),
  };
  const turns = new Turns(clock, 1_000, (waited) => new PoolExhaustedError(tenantId, waited));
  return new TenantHandle({ tenantId, placement }, source, turns, silent);
}

const silent = { async opening() {}, opened() {}, closed() {} };
