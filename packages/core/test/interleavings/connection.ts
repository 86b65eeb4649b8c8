import type { Scope, Tenant } from "../../src/index.ts";
import { ConnectionDestroyed } from "./failures.ts";
import type { Stay } from "./stay.ts";
import type { World } from "./world.ts";

/** A tenant's database as a driver would hand it out: each query takes a lease, and waits before it sees the rows. */
export class Connection {
  readonly stay: Stay;
  readonly #context: Scope<Tenant>;
  readonly #world: World;

  constructor(context: Scope<Tenant>, stay: Stay, world: World) {
    this.#context = context;
    this.stay = stay;
    this.#world = world;
  }

  read(key: number): Promise<string | undefined> {
    return this.#query(`read of ${this.stay.name}`, (rows) => rows.get(key));
  }

  async write(key: number, value: string): Promise<void> {
    await this.#query(`write to ${this.stay.name}`, (rows) => rows.set(key, value));
  }

  /** A query that only the destruction of its connection ends. */
  async hang(): Promise<void> {
    await this.#query("query that hangs", () => undefined, true);
  }

  async #query<R>(
    label: string,
    work: (rows: Map<number, string>) => R,
    hangs = false,
  ): Promise<R> {
    const lease = { destroyed: false, wake: () => undefined as void };
    const release = this.#context.lease(() => {
      lease.destroyed = true;
      this.stay.destroys(lease);
      lease.wake();
    });
    this.stay.lends(lease);
    try {
      if (hangs) await new Promise<void>((resolve) => (lease.wake = resolve));
      else await this.#world.pause(label);
      if (lease.destroyed) throw new ConnectionDestroyed();
      if (this.stay.over) this.#world.violate(`a ${label} completed after its context's end`);
      return work(this.#world.rowsOf(this.stay.name));
    } finally {
      this.stay.leases.delete(lease);
      release();
    }
  }
}
