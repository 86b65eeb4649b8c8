import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import type { KeyRing } from "./contracts/keys.ts";
import { ConfigurationError, DecryptionError } from "./errors/configuration-errors.ts";
import { checkKnownOptions } from "./known-options.ts";

/** The keys of an application: at least 32 random bytes each, as bytes or as base64 (also base64url). */
export interface KeyRingOptions {
  /** Encrypts and signs. */
  readonly current: string | Uint8Array;
  /** Still decrypt and verify what older releases made. */
  readonly previous?: readonly (string | Uint8Array)[];
}

/**
 * Makes a key ring on AES-256-GCM, HMAC-SHA-256 and HKDF-SHA-256 (RFC 5869): one derived key per purpose, so that what
 * is made for one purpose is worthless for another.
 *
 * @example createKeyRing({ current: process.env.TENANCY_KEY })  // openssl rand -base64 32
 * @throws ConfigurationError when a key is too short or not base64, or an option is unknown.
 */
export function createKeyRing(options: KeyRingOptions): KeyRing {
  checkKnownOptions<KeyRingOptions>("keys", options, { current: true, previous: true });
  const current = masterKey("keys.current", options.current);
  const previous = listed(options.previous).map((key, i) => masterKey(`keys.previous[${i}]`, key));
  const known = [current, ...previous];

  return {
    encrypt(purpose, plaintext, context = "") {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", derive(current, "encrypt", purpose), iv);
      cipher.setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
      const parts = [iv, sealed, cipher.getAuthTag()].map((part) => part.toString("base64url"));
      return ["v1", current.id, ...parts].join(".");
    },

    decrypt(purpose, sealed, context = "") {
      const [version, id, ...parts] = sealed.split(".");
      const master = known.find((key) => key.id === id);
      const [iv, text, tag, ...rest] = parts.map(canonicalBytes);
      if (version !== "v1" || !master || !iv || !text || !tag || rest.length > 0) {
        throw new DecryptionError(purpose);
      }
      try {
        const key = derive(master, "encrypt", purpose);
        const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: 16 });
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(tag);
        return Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8");
      } catch (cause) {
        throw new DecryptionError(purpose, { cause });
      }
    },

    sign(purpose, text) {
      return `${current.id}.${mac(current, purpose, text).toString("base64url")}`;
    },

    verify(purpose, text, signature) {
      const [id, given = ""] = signature.split(".");
      const master = known.find((key) => key.id === id) ?? current;
      const expected = mac(master, purpose, text);
      const actual = Buffer.from(given, "base64url");
      return (
        actual.length === expected.length &&
        timingSafeEqual(actual, expected) &&
        signature === `${master.id}.${expected.toString("base64url")}`
      );
    },
  };
}

interface MasterKey {
  /** Tells keys apart in what they made; says nothing about the key. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

function listed<K>(previous: readonly K[] = []): readonly K[] {
  if (Array.isArray(previous)) return previous;
  throw new ConfigurationError("keys.previous", `of type ${typeof previous}`, "pass an array.");
}

function masterKey(option: string, given: string | Uint8Array): MasterKey {
  const remedy = "give at least 32 random bytes, for example from `openssl rand -base64 32`.";
  const isText = typeof given === "string";
  if (!isText && !(given instanceof Uint8Array))
    throw new ConfigurationError(option, "missing", remedy);
  if (isText && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(given)) {
    throw new ConfigurationError(option, "not base64", remedy);
  }
  const bytes = isText ? Buffer.from(given, "base64") : Uint8Array.from(given);
  if (bytes.length < 32) throw new ConfigurationError(option, `${bytes.length} bytes long`, remedy);
  const id = createHash("sha256").update("af-tenancy:key-id:").update(bytes).digest("base64url");
  return { id: id.slice(0, 11), bytes };
}

/** Bytes of base64url text; nothing for text that says the same in another way, so that a sealed text has one form. */
function canonicalBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}

function derive(master: MasterKey, use: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", master.bytes, "af-tenancy:v1", `${use}:${purpose}`, 32));
}

function mac(master: MasterKey, purpose: string, text: string): Buffer {
  return createHmac("sha256", derive(master, "sign", purpose))
    .update(text)
    .digest();
}
