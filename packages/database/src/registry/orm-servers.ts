import {
  assertSealed,
  type LoadedServer,
  type ServerDirectory,
  type ServerRecord,
  serverInUse,
} from "@af-tenancy/core";
import type { RegistrySession } from "./registry-session.ts";

/** Writes servers in one transaction. */
export class OrmServers implements ServerDirectory {
  readonly #session: RegistrySession;

  constructor(session: RegistrySession) {
    this.#session = session;
  }

  async record({ driver, name, state, capacity, secret }: ServerRecord): Promise<void> {
    assertSealed("server.secret", secret);
    const { Server } = this.#session.entities;
    const em = this.#session.em();
    const columns = { state, capacity: capacity ?? null, secret: secret ?? null };
    if ((await em.count(Server, { driver, name })) > 0) {
      await em.nativeUpdate(Server, { driver, name }, columns);
      return;
    }
    await em.insert(Server, { driver, name, ...columns });
  }

  async list(): Promise<readonly LoadedServer[]> {
    const { Server } = this.#session.entities;
    const orderBy = { driver: "asc", name: "asc" } as const;
    const em = this.#session.em();
    const rows = await em.find(Server, {}, { disableIdentityMap: true, orderBy });
    const loads = await this.#loads();
    return rows.map(({ driver, name, state, capacity, secret }) =>
      Object.freeze({
        ...{ driver, name, state, capacity: capacity ?? undefined, secret: secret ?? undefined },
        tenants: loads.get(JSON.stringify([driver, name])) ?? 0,
      }),
    );
  }

  async forget(driver: string, name: string): Promise<void> {
    const { Server, Tenant } = this.#session.entities;
    const em = this.#session.em();
    const placed = { placementDriver: driver, placementServer: name };
    const tenants = await em.count(Tenant, { ...placed, removedAt: null });
    if (tenants > 0) throw serverInUse(name, tenants);
    await em.nativeDelete(Server, { driver, name });
  }

  /** How many tenants are placed on each server, by driver and name. */
  async #loads(): Promise<ReadonlyMap<string, number>> {
    const counted: { driver: string; name: string; tenants: number | string }[] =
      await this.#session
        .em()
        .execute(
          "select placement_driver as driver, placement_server as name, count(*) as tenants from tenants " +
            "where removed_at is null and placement_driver is not null group by placement_driver, placement_server",
        );
    return new Map(
      counted.map(({ driver, name, tenants }) => [JSON.stringify([driver, name]), Number(tenants)]),
    );
  }
}
