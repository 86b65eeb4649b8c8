import {
  type Clock,
  isTenancyError,
  type MaybePromise,
  type Placement,
  type TenantDatabase,
} from "@af-tenancy/core";
import { defineEntity, p } from "@mikro-orm/sql";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import type { DialectDriver } from "../connection/dialect.ts";
import { everlastingScope, type LeaseScope } from "../connection/lease-scope.ts";
import { SingleConnection } from "../connection/single-connection.ts";
import { Turns } from "../connection/turns.ts";
import { IsolationBrokenError, PoolExhaustedError } from "../errors.ts";
import { EchoingDriver } from "./echoing-driver.ts";
import { SharedOrm } from "./shared-orm.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import { entitiesFor } from "./tenant-entities.ts";
import type { TenantSource } from "./tenant-source.ts";

/**
 * Writes rows with the same key for two sample tenants in memory, one inside the other's transaction, and reads them
 * back. Throws `IsolationBrokenError` when either sees anything but its own. For a driver whose engine cannot be embedded,
 * connections that answer with their owner's name stand where its databases would.
 */
export async function selfTest(driver: TenantDriver, clock: Clock): Promise<void> {
  const { openSample } = driver;
  const sample = defineEntity({
    name: "IsolationSample",
    properties: { id: p.integer().primary(), owner: p.string() },
  });
  const orm = new SharedOrm(driver, entitiesFor([sample], driver.manager.driver));
  const one = new Sample(driver, openSample ?? echo("one"), clock, "one");
  const other = new Sample(driver, openSample ?? echo("other"), clock, "other");
  const samples = [one, other];
  const read = async (em: ReturnType<typeof orm.entityManager>) =>
    (await em.fork({ keepTransactionContext: true }).findOne(sample, 1))?.owner;

  try {
    if (openSample !== undefined) for (const one of samples) await createSchema(orm, one);
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

function echo(owner: string): () => Promise<DialectDriver> {
  return async () => new EchoingDriver(owner);
}

function expectOwner(found: string | undefined, expected: string): void {
  if (found === expected) return;
  throw new IsolationBrokenError(`tenant "${expected}" read a row of "${found ?? "nobody"}"`);
}

async function createSchema(orm: SharedOrm, { connection }: Sample): Promise<void> {
  const lease = await connection.lease();
  try {
    await orm.schema.create(lease, { placement: { name: "sample" } });
  } finally {
    await lease.release();
  }
}

class Sample implements TenantSource {
  readonly database: TenantDatabase;
  readonly single = true;
  readonly connection: SingleConnection;

  constructor(
    driver: TenantDriver,
    open: () => Promise<DialectDriver>,
    clock: Clock,
    tenantId: string,
  ) {
    const placement: Placement = {
      driver: driver.manager.driver,
      strategy: "database",
      server: "default",
      name: tenantId,
      generation: 1,
      secret: undefined,
    };
    this.database = { tenantId, placement };
    const turns = new Turns(clock, 1_000, (waited) => new PoolExhaustedError(tenantId, waited));
    this.connection = new SingleConnection({ open, turns });
  }

  lease(scope?: Pick<LeaseScope, "signal">): MaybePromise<ConnectionLease> {
    return this.connection.lease(scope);
  }
}
