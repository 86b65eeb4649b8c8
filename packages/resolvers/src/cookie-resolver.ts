import {
  ConfigurationError,
  checkKnownOptions,
  cookieValues,
  DecryptionError,
  type KeyRing,
  type TenantResolver,
} from "@af-tenancy/core";
import { InvalidReferenceError } from "./errors.ts";
import { checkToken } from "./option-text.ts";
import { checkBy, tenantNames } from "./tenant-name.ts";

/** How `cookieResolver` reads a request. */
export interface CookieResolverOptions {
  /** The name of the cookie, such as `tenant`, or `__Host-tenant` for one that no other host can set. */
  readonly cookie: string;
  /** What its value is: `id` when absent; `slug`, `domain`, or an attribute that the store declares. */
  readonly by?: string;
  /** Where it is given, only cookies that `sealTenantCookie` made with these keys count, and nobody can forge one. */
  readonly keys?: Pick<KeyRing, "decrypt">;
}

/**
 * Finds the tenant in a cookie. Anybody can set one, so it has to be wrapped in `trusted`, unless `keys` open what
 * `sealTenantCookie` sealed. About a cookie that they do not open there is no opinion, as if it had expired: a browser goes
 * on sending one whose key was rotated out.
 *
 * @example cookieResolver({ cookie: "__Host-tenant", keys })
 * @throws ConfigurationError when an option cannot be right.
 * @throws InvalidReferenceError from `resolve`, when the cookie is doubled or names no tenant.
 */
export function cookieResolver(options: CookieResolverOptions): TenantResolver {
  const known = { cookie: true, by: true, keys: true } as const;
  checkKnownOptions<CookieResolverOptions>("cookieResolver", options, known);
  const { cookie, by = "id", keys } = options;
  checkToken("cookieResolver.cookie", cookie, "tenant");
  checkBy("cookieResolver.by", by);
  if (keys !== undefined) checkKeys("cookieResolver.keys", keys?.decrypt);
  const place = `cookie "${cookie}"`;
  const checkedName = tenantNames(place, by);
  return {
    name: "cookie",
    varies: ["Cookie"],
    spoofable: keys === undefined ? `the ${place}` : undefined,
    resolve({ rawHeaders }) {
      const values = cookieValues(rawHeaders, cookie);
      const [sent] = values;
      if (sent === undefined) return undefined;
      // Whoever can set a cookie for a parent domain can put a second one beside it.
      if (values.length > 1) {
        throw new InvalidReferenceError(place, values.join("; "), "it was sent more than once");
      }
      const value = keys === undefined ? sent : opened(keys, cookie, sent);
      if (value === undefined) return undefined;
      return { kind: "tenant", candidates: [{ by, value: checkedName(value) }] };
    },
  };
}

/**
 * Gives the value of a cookie that `cookieResolver` with the same keys and the same cookie name takes.
 *
 * @example response.cookie("__Host-tenant", sealTenantCookie(keys, "__Host-tenant", tenant.id), { secure: true })
 * @throws ConfigurationError when there is no key ring, no name of a cookie, or no text to seal.
 */
export function sealTenantCookie(
  keys: Pick<KeyRing, "encrypt">,
  cookie: string,
  value: string,
): string {
  checkKeys("sealTenantCookie.keys", keys?.encrypt);
  checkToken("sealTenantCookie.cookie", cookie, "tenant");
  if (typeof value !== "string" || value === "") {
    const shown = value === "" ? "empty" : `of type ${typeof value}`;
    throw new ConfigurationError("sealTenantCookie.value", shown, "give the tenant's id.");
  }
  return keys.encrypt(purpose, value, cookie);
}

function checkKeys(option: string, method: unknown): void {
  if (typeof method === "function") return;
  throw new ConfigurationError(option, "no key ring", "pass createKeyRing({ ... }).");
}

/** Nothing for what was sealed with no known key, or not at all: believed as little as no cookie, and refused no more. */
function opened(
  keys: Pick<KeyRing, "decrypt">,
  cookie: string,
  sealed: string,
): string | undefined {
  try {
    return keys.decrypt(purpose, sealed, cookie);
  } catch (error) {
    if (error instanceof DecryptionError) return undefined;
    throw error;
  }
}

const purpose = "tenant cookie";
