import {
  ConfigurationError,
  checkKnownOptions,
  headerValues,
  type TenantResolver,
} from "@af-tenancy/core";
import type { CryptoKey, JWTVerifyGetKey, JWTVerifyOptions, KeyObject } from "jose";
import { checkTokenKey } from "./check-token-key.ts";
import { InvalidTokenError, TokenKeysUnavailableError } from "./errors.ts";
import { checkText } from "./option-text.ts";
import { type CheckedName, checkBy, tenantNames } from "./tenant-name.ts";

/** How `claimResolver` reads and checks a token. */
export interface ClaimResolverOptions {
  /**
   * What tokens are checked with: a public key, a shared secret as bytes or key, or what `createRemoteJWKSet` of jose
   * makes. It has to fit one of `algorithms` at least.
   */
  readonly key: CryptoKey | KeyObject | Uint8Array | JWTVerifyGetKey;
  /** The only algorithms that are accepted, such as `["ES256"]`. */
  readonly algorithms: readonly string[];
  /** The claim that names the tenant; `tenant` when absent. */
  readonly claim?: string;
  /** What it is: `id` when absent; `slug`, `domain`, or an attribute that the store declares. */
  readonly by?: string;
  /** Whether a valid token without the claim is refused; there is no opinion about it when absent. */
  readonly required?: boolean;
  /** Who has to have issued the token; anybody who has the key when absent. */
  readonly issuer?: string;
  /** For whom it has to be; anybody when absent. */
  readonly audience?: string;
}

/**
 * Finds the tenant in a claim of the signed JSON Web Token in `Authorization: Bearer`. Without such a header, and for a
 * valid token without the claim unless it is `required`, there is no opinion; a token that is not valid, or whose claim
 * names no tenant, is refused (401), never passed over. The library that checks tokens is loaded with the first one.
 *
 * @example claimResolver({ key: createRemoteJWKSet(new URL(keys)), algorithms: ["ES256"], issuer, audience })
 * @throws ConfigurationError when an option cannot be right.
 * @throws InvalidTokenError or TokenKeysUnavailableError from `resolve`
 */
export function claimResolver(options: ClaimResolverOptions): TenantResolver {
  checkKnownOptions<ClaimResolverOptions>("claimResolver", options, {
    key: true,
    algorithms: true,
    claim: true,
    by: true,
    required: true,
    issuer: true,
    audience: true,
  });
  const { key, claim = "tenant", by = "id", required = false, issuer, audience } = options;
  const algorithms = checkedAlgorithms(options.algorithms);
  checkTokenKey("claimResolver.key", key, algorithms);
  checkText("claimResolver.claim", claim, "tenant");
  checkBy("claimResolver.by", by);
  if (typeof required !== "boolean") {
    throw new ConfigurationError("claimResolver.required", String(required), "pass true or false.");
  }
  const rules = {
    algorithms,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
  const checkedName = tenantNames(`claim "${claim}"`, by);
  return {
    name: "claim",
    varies: ["Authorization"],
    resolve({ rawHeaders }) {
      const token = bearerToken(rawHeaders);
      if (token === undefined) return undefined;
      return verified(token, key, rules).then((claims) => {
        const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
        if (value !== undefined && value !== null) {
          const candidates = [{ by, value: named(checkedName, value) }];
          return { kind: "tenant", candidates, isCredential: true };
        }
        if (required) throw new InvalidTokenError(`it has no claim "${claim}"`);
        return undefined;
      });
    },
  };
}

/** Whoever signs tokens has to name tenants well: what is signed and no name is no token of ours. */
function named(checkedName: CheckedName, value: unknown): string {
  try {
    return checkedName(value);
  } catch (cause) {
    throw new InvalidTokenError("its claim names no tenant", { cause });
  }
}

/** Another scheme is somebody else's, such as `Basic` of a proxy. */
function bearerToken(rawHeaders: readonly string[]): string | undefined {
  const values = headerValues(rawHeaders, "authorization");
  const [value = ""] = values;
  if (values.length > 1)
    throw new InvalidTokenError("the header Authorization was sent more than once");
  if (!/^bearer(?:$|[ \t])/i.test(value)) return undefined;
  if (value.length > longestToken) throw new InvalidTokenError("it is too long");
  return value.slice("bearer".length).trim();
}

const longestToken = 16_384;

async function verified(
  token: string,
  key: ClaimResolverOptions["key"],
  rules: JWTVerifyOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const { errors, jwtVerify } = await import("jose");
  try {
    // Two ways to call it, and TypeScript wants to know which one.
    const { payload } =
      typeof key === "function"
        ? await jwtVerify(token, heardKeys(key), rules)
        : await jwtVerify(token, key, rules);
    return payload;
  } catch (cause) {
    if (cause instanceof TokenKeysUnavailableError) throw cause;
    const isOfJose = cause instanceof errors.JOSEError;
    // Not one of jose's own when the key is not for the algorithm that the token asks for.
    throw new InvalidTokenError(isOfJose ? cause.code : "it cannot be checked with this key", {
      cause,
    });
  }

  /** Only the function that fetches keys can find them unavailable; it also says that none of them is for a token. */
  function heardKeys(getKey: JWTVerifyGetKey): JWTVerifyGetKey {
    return async (header, signed) => {
      try {
        return await getKey(header, signed);
      } catch (cause) {
        if (cause instanceof errors.JOSEError && !keyServerFailed.includes(cause.code)) throw cause;
        throw new TokenKeysUnavailableError({ cause });
      }
    };
  }
}

/** The first one is what jose says of a key server that answers with an error. */
const keyServerFailed: readonly string[] = [
  "ERR_JOSE_GENERIC",
  "ERR_JWKS_TIMEOUT",
  "ERR_JWKS_INVALID",
];

function checkedAlgorithms(algorithms: unknown): string[] {
  const isFine =
    Array.isArray(algorithms) &&
    algorithms.length > 0 &&
    algorithms.every((one) => typeof one === "string" && /^[A-Z][\w-]{1,31}$/i.test(one)) &&
    !algorithms.some((one) => /^none$/i.test(one));
  if (isFine) return [...algorithms];
  const remedy =
    'give those that your issuer signs with, such as ["ES256"]; "none" is no signature.';
  throw new ConfigurationError("claimResolver.algorithms", "no list of algorithms", remedy);
}
