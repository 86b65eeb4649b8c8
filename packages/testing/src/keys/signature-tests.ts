import type { KeyRing } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { spoiltTexts } from "./spoilt-texts.ts";

/** Checks that only key, purpose and text of the signer verify. */
export function signatureTests(create: () => KeyRing, stranger: () => KeyRing): void {
  it("verifies what it signed, in another process too", () => {
    for (const text of ["text", "", "ä☕", "x".repeat(100_000)]) {
      const signature = create().sign("cookies", text);

      expect(create().verify("cookies", text, signature)).toBe(true);
    }
  });

  it("refuses another purpose, another text and another key", () => {
    const keys = create();
    const signature = keys.sign("cookies", "text");

    expect(keys.verify("passwords", "text", signature)).toBe(false);
    expect(keys.verify("cookie", "stext", signature)).toBe(false);
    expect(keys.verify("cookies", "Text", signature)).toBe(false);
    expect(keys.verify("cookies", "", signature)).toBe(false);
    expect(stranger().verify("cookies", "text", signature)).toBe(false);
  });

  it("refuses every altered signature without throwing", () => {
    const keys = create();
    const signature = keys.sign("cookies", "text");

    for (const spoilt of spoiltTexts(signature)) {
      expect(keys.verify("cookies", "text", spoilt), spoilt).toBe(false);
    }
    expect(keys.verify("cookies", "text", "ä☕")).toBe(false);
  });
}
