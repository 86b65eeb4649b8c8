import type { TenantDatabase } from "@af-tenancy/core";
import { SingleConnection } from "../connection/single-connection.ts";
import type { Turns } from "../connection/turns.ts";
import { openSealed } from "./open-sealed.ts";
import type { TenantDriver } from "./tenant-driver.ts";

/** Hears when a handle's database is opened and closed. */
export interface HandleListener {
  /** May have the opening wait until there is room. */
  opening(): Promise<void>;
  opened(): void;
  closed(handle: TenantHandle): void;
}

/** The way into one tenant's database, checked for its owner whenever it is opened. */
export class TenantHandle {
  readonly database: TenantDatabase;
  readonly connection: SingleConnection;
  /** How many scopes count on it; while there is one it is not closed to save room. */
  references = 0;
  /** The higher, the later it was last counted on. */
  used = 0;
  /** Nobody will be given it any more. */
  retired = false;

  constructor(
    database: TenantDatabase,
    driver: Pick<TenantDriver, "open" | "readOwner">,
    turns: Turns,
    listener: HandleListener,
  ) {
    this.database = database;
    this.connection = new SingleConnection({
      async open() {
        await listener.opening();
        return openSealed(driver, database);
      },
      turns,
      opened: () => listener.opened(),
      closed: () => listener.closed(this),
    });
  }

  /** It is open, nobody counts on it and nobody uses it. */
  get mayClose(): boolean {
    return this.references === 0 && this.connection.isOpen && this.connection.isFree;
  }
}
