import { DecryptionError, type KeyRing } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { spoiltTexts } from "./spoilt-texts.ts";

/** Checks that only key, purpose and context of the writer open a sealed text. */
export function encryptionTests(create: () => KeyRing, stranger: () => KeyRing): void {
  it("reads what it wrote, whatever it is", () => {
    const keys = create();

    for (const text of ["secret", "", "ä☕\u{1f600}", "a\0b\n", "x".repeat(100_000)]) {
      expect(keys.decrypt("passwords", keys.encrypt("passwords", text))).toBe(text);
      expect(keys.decrypt("passwords", keys.encrypt("passwords", text, "acme"), "acme")).toBe(text);
    }
  });

  it("is read by another process with the same keys", () => {
    const sealed = create().encrypt("passwords", "secret", "acme");

    expect(create().decrypt("passwords", sealed, "acme")).toBe("secret");
  });

  it("never gives the same result twice and never shows the text", () => {
    const keys = create();

    const sealed = Array.from({ length: 50 }, () => keys.encrypt("passwords", "secret-text"));

    expect(new Set(sealed).size).toBe(50);
    expect(sealed.filter((one) => one.includes("secret-text"))).toEqual([]);
    expect(sealed.filter((one) => !/^v[0-9]+\.[\w.-]+$/.test(one))).toEqual([]);
  });

  it("refuses another purpose", () => {
    const keys = create();
    const sealed = keys.encrypt("passwords", "secret", "acme");

    for (const purpose of ["cookies", "Passwords", "password", "passwordss", ""]) {
      expect(() => keys.decrypt(purpose, sealed, "acme"), purpose).toThrow(DecryptionError);
    }
  });

  it("refuses another context", () => {
    const keys = create();
    const sealed = keys.encrypt("passwords", "secret", "acme");
    const plain = keys.encrypt("passwords", "secret");

    for (const context of ["globex", "ACME", "acme ", undefined]) {
      expect(() => keys.decrypt("passwords", sealed, context), context).toThrow(DecryptionError);
    }
    expect(() => keys.decrypt("passwords", plain, "acme")).toThrow(DecryptionError);
  });

  it("does not let purpose and context run into each other", () => {
    const keys = create();
    const sealed = keys.encrypt("pass", "secret", "words:acme");

    expect(() => keys.decrypt("pass:words", sealed, "acme")).toThrow(DecryptionError);
    expect(() => keys.decrypt("passwords", sealed, ":acme")).toThrow(DecryptionError);
  });

  it("refuses the text of another key", () => {
    const sealed = stranger().encrypt("passwords", "secret");

    expect(() => create().decrypt("passwords", sealed)).toThrow(DecryptionError);
  });

  it("refuses every altered text", () => {
    const keys = create();
    const sealed = keys.encrypt("passwords", "secret");

    for (const spoilt of spoiltTexts(sealed)) {
      expect(() => keys.decrypt("passwords", spoilt), spoilt).toThrow(DecryptionError);
    }
  });
}
