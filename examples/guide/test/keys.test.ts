import { randomBytes } from "node:crypto";
import { createKeyRing, DecryptionError } from "@af-tenancy/core";
import { expect, it } from "vitest";

const process = { env: { TENANCY_KEY: randomBytes(32).toString("base64") } };

it("encrypts for one purpose and one context", () => {
  // #region use
  const keys = createKeyRing({ current: process.env.TENANCY_KEY });

  const sealed = keys.encrypt("database-password", "s3cret", "tenant-acme");
  const opened = keys.decrypt("database-password", sealed, "tenant-acme"); // "s3cret"

  const signature = keys.sign("invitation", "ann@example.org");
  const genuine = keys.verify("invitation", "ann@example.org", signature); // true
  // #endregion

  expect(opened).toBe("s3cret");
  expect(genuine).toBe(true);
  expect(() => keys.decrypt("invitation", sealed, "tenant-acme")).toThrow(DecryptionError);
  expect(() => keys.decrypt("database-password", sealed, "tenant-globex")).toThrow(DecryptionError);
});

it("rotates", () => {
  const oldKey = randomBytes(32);
  const newKey = randomBytes(32);
  const before = createKeyRing({ current: oldKey }).encrypt("token", "text");

  // #region rotate
  const keys = createKeyRing({ current: newKey, previous: [oldKey] });

  const text = keys.decrypt("token", before); // made with the old key, still readable
  const after = keys.encrypt("token", text); // made with the new one
  // #endregion

  expect(text).toBe("text");
  expect(createKeyRing({ current: newKey }).decrypt("token", after)).toBe("text");
  expect(() => createKeyRing({ current: newKey }).decrypt("token", before)).toThrow(
    DecryptionError,
  );
});
