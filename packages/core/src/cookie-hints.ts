import type { Clock } from "./contracts/clock.ts";
import type { KeyRing } from "./contracts/keys.ts";
import type { ReferenceHints } from "./contracts/reference-hints.ts";
import type { TenancyRequest, TenantResolution } from "./contracts/resolver.ts";
import type { TenantStore } from "./contracts/store.ts";
import type { Tenant, TenantReference } from "./contracts/tenant.ts";
import { findTenant } from "./find-tenant.ts";
import { onlyCookie, onlyHeader } from "./header-values.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";

/** What a hint is about, and what the browser's says of it. */
export interface CookieHint {
  /** As it was sent: a hint of one host says nothing of another. */
  readonly host: string;
  readonly reference: TenantReference;
  /** `undefined` where the browser sent none that counts. */
  readonly told: ToldTenant | undefined;
}

interface ToldTenant {
  readonly id: string;
  readonly generation: number;
  /** It is to be renewed. */
  readonly isOld: boolean;
}

/**
 * Remembers in browsers to which tenant a host led, in a signed cookie. It is no more than a hint: it counts only as long
 * as the store says that the reference still leads there, and the record comes from the store.
 */
export class CookieHints<T extends Tenant> {
  readonly #keys: KeyRing;
  readonly #clock: Pick<Clock, "now">;
  readonly #store: TenantStore<T>;
  readonly #hints: ReferenceHints;

  constructor(
    keys: KeyRing,
    clock: Pick<Clock, "now">,
    store: TenantStore<T>,
    hints: ReferenceHints,
  ) {
    this.#keys = keys;
    this.#clock = clock;
    this.#store = store;
    this.#hints = hints;
  }

  /** Reads what the browser says; `undefined` where nobody can be hinted at. */
  read(
    { rawHeaders }: TenancyRequest,
    resolution: TenantResolution | undefined,
  ): CookieHint | undefined {
    if (resolution?.kind !== "tenant") return undefined;
    // The later candidates count only where those before them lead nowhere, which no hint can know.
    const reference = resolution.candidates?.[0];
    const host = onlyHeader(rawHeaders, "host")?.toLowerCase();
    if (reference === undefined || host === undefined) return undefined;
    const sent = onlyCookie(rawHeaders, cookieName);
    const told = sent === undefined ? undefined : this.#told(sent, host, reference);
    return { host, reference, told };
  }

  /** Gives the tenant that was hinted at, if everything about it still holds; whatever fails here is no answer. */
  find({ told }: CookieHint): MaybePromise<T | undefined> {
    if (told === undefined) return undefined;
    const isSame = (tenant: T | undefined) =>
      tenant?.id === told.id && generationOf(tenant) === told.generation ? tenant : undefined;
    try {
      const found = findTenant(this.#store, { by: "id", value: told.id });
      return isThenable(found) ? found.then(isSame, () => undefined) : isSame(found);
    } catch {
      return undefined;
    }
  }

  /** Gives the cookie for a tenant that was found; `undefined` where the browser's is good, or nobody vouches for one. */
  cookieFor({ host, reference, told }: CookieHint, tenant: Tenant): string | undefined {
    const { id } = tenant;
    const generation = generationOf(tenant);
    if (told?.id === id && told.generation === generation && !told.isOld) return undefined;
    const upTo = this.#hints.knownUpTo(reference, id);
    if (upTo === undefined || !idForm.test(id)) return undefined;
    const until = this.#clock.now() + lifetime;
    const signature = this.#keys.sign(
      purpose,
      textOf(host, reference, { id, generation, upTo, until }),
    );
    const value = `${until}.${upTo}.${generation}.${id}.${signature}`;
    return `${cookieName}=${value}; Path=/; Max-Age=${lifetime / 1_000}; Secure; HttpOnly; SameSite=Lax`;
  }

  #told(sent: string, host: string, reference: TenantReference): ToldTenant | undefined {
    const parts = sent.length > longest ? null : form.exec(sent);
    if (parts === null) return undefined;
    const [until, upTo, generation] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
    const [id = "", signature = ""] = parts.slice(4);
    const left = until - this.#clock.now();
    if (left <= 0 || left > lifetime) return undefined;
    const text = textOf(host, reference, { id, generation, upTo, until });
    if (!this.#keys.verify(purpose, text, signature)) return undefined;
    if (!this.#hints.stillLeads(reference, id, upTo, until - lifetime)) return undefined;
    return { id, generation, isOld: left < lifetime / 2 };
  }
}

interface Said {
  readonly id: string;
  readonly generation: number;
  readonly upTo: number;
  readonly until: number;
}

/** What the key ring derives the key from. */
const purpose = "tenant-hint";
/** The prefix has browsers take it from this very host only, and over TLS. */
const cookieName = "__Host-af-tenant";
/** Milliseconds. */
const lifetime = 30 * 60_000;
const idForm = /^[\w-]{1,64}$/;
const form = /^(\d{1,16})\.(\d{1,16})\.(\d{1,9})\.([\w-]{1,64})\.([\w-]{1,64}\.[\w-]{1,128})$/;
const longest = 320;

function textOf(host: string, { by, value }: TenantReference, said: Said): string {
  return JSON.stringify([host, by, value, said.id, said.generation, said.upTo, said.until]);
}

/** A database that was made anew is another tenant's past. */
function generationOf({ placement }: Tenant): number {
  return placement?.generation ?? 0;
}
