import { createKeyRing } from "@af-tenancy/core";
import { type JWTPayload, SignJWT } from "jose";

/** What test tokens are signed with. */
export const secret = new Uint8Array(32).fill(7);

/** Keys of an application. */
export const keys = createKeyRing({ current: new Uint8Array(32).fill(1) });

/** A signed token with these claims. */
export function tokenFor(
  claims: JWTPayload,
  { key = secret, algorithm = "HS256" }: { key?: Uint8Array; algorithm?: string } = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: algorithm }).sign(key);
}
