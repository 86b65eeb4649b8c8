import { DecryptionError, type KeyRing } from "@af-tenancy/core";
import { expect, it } from "vitest";

/** Checks that a ring with a new key still reads and verifies what the old one made. */
export function rotationTests(create: () => KeyRing, given: (() => KeyRing) | undefined): void {
  const rotated = (): KeyRing => {
    expect(given, "rotated, or a reason in leftOut").toBeDefined();
    return (given as () => KeyRing)();
  };

  it("reads and verifies with the old key", () => {
    const old = create();

    expect(rotated().decrypt("passwords", old.encrypt("passwords", "secret", "acme"), "acme")).toBe(
      "secret",
    );
    expect(rotated().verify("cookies", "text", old.sign("cookies", "text"))).toBe(true);
  });

  it("writes and signs with the new key only", () => {
    const sealed = rotated().encrypt("passwords", "secret");
    const signature = rotated().sign("cookies", "text");

    expect(() => create().decrypt("passwords", sealed)).toThrow(DecryptionError);
    expect(create().verify("cookies", "text", signature)).toBe(false);
    expect(rotated().decrypt("passwords", sealed)).toBe("secret");
    expect(rotated().verify("cookies", "text", signature)).toBe(true);
  });

  it("keeps purpose and context apart with the old key too", () => {
    const sealed = create().encrypt("passwords", "secret", "acme");

    expect(() => rotated().decrypt("passwords", sealed, "globex")).toThrow(DecryptionError);
    expect(() => rotated().decrypt("cookies", sealed, "acme")).toThrow(DecryptionError);
  });
}
