import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigurationError, createKeyRing, DecryptionError } from "../src/index.ts";

const current = Buffer.alloc(32, 1);
const older = Buffer.alloc(32, 2);
const stranger = Buffer.alloc(32, 3);
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

describe("a sealed text", () => {
  const keys = createKeyRing({ current });

  it("comes back whatever it, its purpose and its context are", () => {
    const code = fc.oneof(fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10_ffff }));
    const text = fc.string({ unit: code.map((one) => String.fromCodePoint(one)) });
    fc.assert(
      fc.property(text, text, text, (purpose, plaintext, context) => {
        expect(keys.decrypt(purpose, keys.encrypt(purpose, plaintext, context), context)).toBe(
          plaintext,
        );
      }),
      { numRuns: 50 },
    );
  }, 30_000);

  it("is another one each time and safe in a URL", () => {
    const sealed = Array.from({ length: 20 }, () => keys.encrypt("cookie", "text"));

    expect(new Set(sealed).size).toBe(20);
    for (const one of sealed) expect(one).toMatch(/^v1(\.[A-Za-z0-9_-]+){4}$/);
  });

  it("is read with its own purpose and context only", () => {
    const sealed = keys.encrypt("cookie", "text", "acme");

    expect(keys.decrypt("cookie", sealed, "acme")).toBe("text");
    for (const [purpose, context] of [
      ["cookies", "acme"],
      ["cookie", "globex"],
      ["cookie", undefined],
      ["cookie", ""],
      ["cookieacme", ""],
    ] as const) {
      expect(() => keys.decrypt(purpose, sealed, context)).toThrow(DecryptionError);
    }
  });

  it("with any letter changed, added, dropped or split off is refused", () => {
    const sealed = keys.encrypt("cookie", "hello", "acme");
    const spoilt = [...sealed].flatMap((letter, at) => [
      ...[...alphabet, ".", "=", " ", "+", "\n"]
        .filter((other) => other !== letter)
        .map((other) => `${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`),
      sealed.slice(0, at) + sealed.slice(at + 1),
      `${sealed.slice(0, at)}=${sealed.slice(at)}`,
      `${sealed.slice(0, at)} ${sealed.slice(at)}`,
      sealed.slice(0, at),
    ]);

    const accepted = [...spoilt, `${sealed}=`, `${sealed}.`, `${sealed}A`, `${sealed} `].filter(
      (one) => reads(keys, one),
    );

    expect(accepted).toEqual([]);
  });

  it.each(["", ".", "....", "v1....", "v1.a.b.c.d", "v2.a.b.c.d", "nothing"])(
    "is not %o",
    (text) => {
      expect(() => keys.decrypt("cookie", text)).toThrow(DecryptionError);
    },
  );

  it("with a shortened tag is refused", () => {
    const parts = keys.encrypt("cookie", "text").split(".");
    const tag = Buffer.from(parts[4] as string, "base64url");

    for (const length of [4, 8, 12, 15]) {
      const short = [...parts.slice(0, 4), tag.subarray(0, length).toString("base64url")].join(".");
      expect(() => keys.decrypt("cookie", short), String(length)).toThrow(DecryptionError);
    }
  });

  it("tells nothing of itself in the error", () => {
    const sealed = createKeyRing({ current: stranger }).encrypt("cookie", "text");

    expect(() => keys.decrypt("cookie", sealed)).toThrow('"cookie"');
    expect(() => keys.decrypt("cookie", sealed)).not.toThrow(sealed);
  });
});

describe("a signature", () => {
  const keys = createKeyRing({ current });

  it("is the same each time and holds for its purpose and text only", () => {
    const signature = keys.sign("cookie", "text");

    expect(keys.sign("cookie", "text")).toBe(signature);
    expect(keys.verify("cookie", "text", signature)).toBe(true);
    expect(keys.verify("cookie", "texts", signature)).toBe(false);
    expect(keys.verify("cookies", "text", signature)).toBe(false);
    expect(keys.verify("cookiet", "ext", signature)).toBe(false);
  });

  it("with any letter changed, added or dropped is refused without a throw", () => {
    const signature = keys.sign("cookie", "text");
    const spoilt = [...signature].flatMap((letter, at) => [
      ...[...alphabet, ".", "=", " ", "ä", "\n"]
        .filter((other) => other !== letter)
        .map((other) => `${signature.slice(0, at)}${other}${signature.slice(at + 1)}`),
      signature.slice(0, at) + signature.slice(at + 1),
      signature.slice(0, at),
    ]);

    const accepted = [...spoilt, `${signature}=`, `${signature}.`, "", "."].filter((one) =>
      keys.verify("cookie", "text", one),
    );

    expect(accepted).toEqual([]);
  });

  it("is no sealed text, and a sealed text is no signature", () => {
    expect(() => keys.decrypt("cookie", keys.sign("cookie", "text"))).toThrow(DecryptionError);
    expect(keys.verify("cookie", "text", keys.encrypt("cookie", "text"))).toBe(false);
  });
});

describe("rotation", () => {
  const before = createKeyRing({ current: older });
  const after = createKeyRing({ current, previous: [older] });
  const later = createKeyRing({ current });

  it("reads and verifies what the old key made, and makes nothing with it", () => {
    const sealed = before.encrypt("cookie", "text", "acme");
    const signature = before.sign("cookie", "text");

    expect(after.decrypt("cookie", sealed, "acme")).toBe("text");
    expect(after.verify("cookie", "text", signature)).toBe(true);
    expect(() => before.decrypt("cookie", after.encrypt("cookie", "text"))).toThrow(
      DecryptionError,
    );
    expect(before.verify("cookie", "text", after.sign("cookie", "text"))).toBe(false);
  });

  it("is over once the old key is dropped", () => {
    expect(() => later.decrypt("cookie", before.encrypt("cookie", "text"))).toThrow(
      DecryptionError,
    );
    expect(later.verify("cookie", "text", before.sign("cookie", "text"))).toBe(false);
  });

  it("does not accept a signature under another known key's name", () => {
    const [, mac] = before.sign("cookie", "text").split(".");
    const [id] = after.sign("cookie", "text").split(".");

    expect(after.verify("cookie", "text", `${id}.${mac}`)).toBe(false);
  });
});

describe("a key", () => {
  it("may be bytes, base64 or base64url, which are the same key", () => {
    const bytes = randomBytes(33).fill(251, 0, 6); // has letters in which the two alphabets differ
    const sealed = createKeyRing({ current: bytes }).encrypt("cookie", "text");

    for (const key of [
      bytes.toString("base64"),
      bytes.toString("base64url"),
      new Uint8Array(bytes),
    ]) {
      expect(createKeyRing({ current: key }).decrypt("cookie", sealed)).toBe("text");
    }
  });

  it("is copied, so that clearing the given bytes changes nothing", () => {
    const given = Buffer.from(current);
    const keys = createKeyRing({ current: given });
    const sealed = keys.encrypt("cookie", "text");

    given.fill(0);

    expect(keys.decrypt("cookie", sealed)).toBe("text");
  });

  it.each([
    ["31 bytes", Buffer.alloc(31), "31 bytes long"],
    ["31 bytes of base64", Buffer.alloc(31).toString("base64"), "31 bytes long"],
    ["no bytes", new Uint8Array(), "0 bytes long"],
    ["an empty text", "", "not base64"],
    ["a pass phrase", "correct horse battery staple, and more of it", "not base64"],
    ["base64 with a line break", `${current.toString("base64")}\n`, "not base64"],
    ["nothing", undefined, "missing"],
    ["a number", 42, "missing"],
  ])("of %s is refused with the remedy and without the key", (_, key, problem) => {
    const make = () => createKeyRing({ current, previous: [older, key as string] });

    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(`Option "keys.previous[1]" is ${problem}: give at least 32 random bytes`);
    if (typeof key === "string" && key !== "") expect(make).not.toThrow(key);
    expect(() => createKeyRing({ current: key as string })).toThrow('Option "keys.current"');
  });
});

function reads(keys: ReturnType<typeof createKeyRing>, sealed: string): boolean {
  try {
    keys.decrypt("cookie", sealed, "acme");
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(DecryptionError);
    return false;
  }
}
