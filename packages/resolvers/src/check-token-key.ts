import { types } from "node:util";
import { ConfigurationError } from "@af-tenancy/core";

/** Throws `ConfigurationError` for a key that can check no token of any of the algorithms. */
export function checkTokenKey(option: string, key: unknown, algorithms: readonly string[]): void {
  if (typeof key === "function") return; // gives the key of each token
  const kind = kindOf(option, key);
  const fits = fitting[kind] ?? /^(?!HS)/i;
  if (algorithms.some((algorithm) => fits.test(algorithm))) return;
  const remedy =
    "give the key that these algorithms are checked with, or the algorithms of this key.";
  throw new ConfigurationError(option, `a key (${kind}) for none of ${algorithms}`, remedy);
}

/** `secret`, or the kind of a key as Node or Web Crypto names it, such as `ec` or `ECDSA`. */
function kindOf(option: string, key: unknown): string {
  if (types.isUint8Array(key)) {
    if (key.length > 0) return "secret";
    throw new ConfigurationError(option, "empty", "give the bytes of the shared secret.");
  }
  if (!types.isKeyObject(key) && !types.isCryptoKey(key)) {
    const shown = key === null ? "null" : `of type ${typeof key}`;
    const remedy =
      "pass a key, a shared secret as bytes, or what createRemoteJWKSet of jose makes.";
    throw new ConfigurationError(option, shown, remedy);
  }
  if (key.type === "private") {
    throw new ConfigurationError(option, "a private key", "pass the public one: it checks tokens.");
  }
  if (types.isCryptoKey(key)) return key.algorithm.name;
  return key.asymmetricKeyType ?? key.type;
}

/** By kind of key; every other kind is for signatures. */
const fitting: Readonly<Record<string, RegExp>> = {
  secret: /^HS/i,
  rsa: /^[RP]S/i,
  "rsa-pss": /^PS/i,
  ec: /^ES/i,
  ed25519: /^Ed/i,
  HMAC: /^HS/i,
  "RSASSA-PKCS1-v1_5": /^RS/i,
  "RSA-PSS": /^PS/i,
  ECDSA: /^ES/i,
  Ed25519: /^Ed/i,
};
