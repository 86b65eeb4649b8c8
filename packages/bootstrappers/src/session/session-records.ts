import { ConfigurationError, type Tenancy, type Tenant } from "@af-tenancy/core";
import {
  SessionOutsideTenancyError,
  SessionStoreUnavailableError,
  SessionTenantMismatchError,
} from "./errors.ts";
import { newSessionId, ownerIn } from "./session-id.ts";
import { describeOwner, isSameOwner, ownerOf, type SessionOwner } from "./session-owner.ts";

/** What a framework keeps of a session; plain JSON. */
export type SessionData = Readonly<Record<string, unknown>>;

/** A Keyv, as far as it is used. */
export interface SessionStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, milliseconds: number): Promise<boolean>;
  delete(key: string): Promise<boolean>;
  on(event: "error", listener: (error: unknown) => void): object;
}

/**
 * The sessions of all tenants in one Keyv store. Each is its owner's alone: brought to another tenant it is refused and
 * left as it is, and one of a tenant that is gone or was made anew is dropped.
 */
export class SessionRecords {
  readonly #tenancy: Pick<Tenancy<Tenant>, "current" | "find" | "isInScope">;
  readonly #keyv: SessionStore;
  readonly #expired: string;
  /** What the store failed of last: Keyv tells its listeners, and whoever asked gets what a miss would be. */
  #failure: { readonly error: unknown } | undefined;

  /** `expired` is the header that takes the session's cookie from a browser. */
  constructor(
    tenancy: Pick<Tenancy<Tenant>, "current" | "find" | "isInScope">,
    keyv: SessionStore,
    expired: string,
  ) {
    this.#tenancy = tenancy;
    this.#keyv = keyv;
    this.#expired = expired;
    keyv.on("error", (error: unknown) => {
      this.#failure = { error };
    });
  }

  /** Makes an id for a session of the current tenant; throws `SessionOutsideTenancyError`. */
  newId(): string {
    return newSessionId(this.#here());
  }

  /**
   * Reads a session; `undefined` where there is none, or none any more.
   *
   * @throws SessionTenantMismatchError, SessionOutsideTenancyError, SessionStoreUnavailableError
   */
  async read(id: string): Promise<SessionData | undefined> {
    const here = this.#here();
    const owner = ownerIn(id);
    if (owner === undefined) return undefined;
    const data = await this.#stored(id);
    if (data === undefined || isSameOwner(owner, here)) return data;
    if (await this.#isThere(owner)) {
      const [from, to] = [describeOwner(owner), describeOwner(here)];
      throw new SessionTenantMismatchError(from, to, this.#expired);
    }
    await this.remove(id);
    return undefined;
  }

  /** Writes a session for so many milliseconds, whatever scope the request is in by then. */
  async write(id: string, data: SessionData, milliseconds: number): Promise<void> {
    if (ownerIn(id) === undefined) {
      throw new ConfigurationError(
        "session",
        "given an id of another maker",
        "leave the generation of ids to expressSession(), koaSession() or fastifySession().",
      );
    }
    // JSON, so that the store of a process holds what the store of a server would.
    const text = JSON.stringify(data);
    await this.#asked("write", () => this.#keyv.set(keyOf(id), text, milliseconds));
  }

  /**
   * Has a session live so many milliseconds more, and tells whether it is there. Only `marks` of it are written, and
   * nothing where it is gone: another request may have changed or ended it since this one read it.
   */
  async renew(id: string, marks: SessionData, milliseconds: number): Promise<boolean> {
    const data = await this.#stored(id);
    if (data !== undefined) await this.write(id, { ...data, ...marks }, milliseconds);
    return data !== undefined;
  }

  /** Removes a session; nothing happens where there is none. */
  async remove(id: string): Promise<void> {
    await this.#asked("remove", () => this.#keyv.delete(keyOf(id)));
  }

  #here(): SessionOwner {
    if (!this.#tenancy.isInScope()) throw new SessionOutsideTenancyError();
    return ownerOf(this.#tenancy.current());
  }

  /** What is no session, such as what somebody else wrote into the store, is none. */
  async #stored(id: string): Promise<SessionData | undefined> {
    const text: unknown = await this.#asked("read", () => this.#keyv.get(keyOf(id)));
    if (typeof text !== "string") return undefined;
    try {
      const data: unknown = JSON.parse(text);
      return typeof data === "object" && data !== null ? (data as SessionData) : undefined;
    } catch {
      return undefined;
    }
  }

  async #isThere(owner: SessionOwner): Promise<boolean> {
    if (owner.tenantId === null) return true;
    const tenant = await this.#tenancy.find(owner.tenantId);
    return tenant !== undefined && isSameOwner(ownerOf(tenant), owner);
  }

  /** What came back while the store was failing is not believed, whichever call it failed: an absence may be none. */
  async #asked<R>(what: string, work: () => Promise<R>): Promise<R> {
    const before = this.#failure;
    let result: R;
    try {
      result = await work();
    } catch (cause) {
      throw new SessionStoreUnavailableError(what, { cause });
    }
    const failure = this.#failure;
    if (failure === before || (result !== undefined && result !== false)) return result;
    throw new SessionStoreUnavailableError(what, { cause: failure?.error });
  }
}

function keyOf(id: string): string {
  return `session:${id}`;
}
