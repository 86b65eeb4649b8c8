import { types } from "node:util";
import { ConfigurationError } from "@af-tenancy/core";

/** Throws `ConfigurationError` for a key that can check no token of any of the algorithms. */
export function checkTokenKey(option: string, key: unknown, algorithms: readonly string[]): void {
  if (typeof key === "function") return; // gives the key of each token
  const kind = kindOf(option, key);
  const fits = fitting[kind] ?? /^(?!HS)/i;
  if (algorithms.some((algorithm) => fits.test(algorithm))) {
    checkSecret(option, key, algorithms);
    return;
  }
  const remedy =
    "give the key that these algorithms are checked with, or the algorithms of this key.";
  throw new ConfigurationError(option, `a key (${kind}) for none of ${algorithms}`, remedy);
}

/** A secret shorter than the hash can be guessed from one token (RFC 7518, section 3.2). */
function checkSecret(option: string, key: unknown, algorithms: readonly string[]): void {
  const bytes = secretBytes(key);
  if (bytes === undefined) return;
  const needed = Math.max(...algorithms.map((one) => Number(/^HS(\d+)$/i.exec(one)?.[1] ?? 0) / 8));
  if (bytes >= needed) return;
  const remedy = `give ${needed} random bytes or more, for example from \`openssl rand -base64 ${needed}\`.`;
  throw new ConfigurationError(option, `a secret of ${bytes} bytes for ${algorithms}`, remedy);
}

function secretBytes(key: unknown): number | undefined {
  if (types.isUint8Array(key)) return key.length;
  if (types.isKeyObject(key)) return key.symmetricKeySize;
  if (!types.isCryptoKey(key) || key.algorithm.name !== "HMAC") return undefined;
  return (key.algorithm as unknown as { readonly length: number }).length / 8;
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
