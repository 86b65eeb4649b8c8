import { randomBytes } from "node:crypto";
import type { SessionOwner } from "./session-owner.ts";

/**
 * Makes the id of a session, which says whose it is: `t<id in base64url>~<generation>~<random>`, or `c~0~<random>`. It is
 * written again after the request may have changed its scope, so that it cannot be asked then who the owner is.
 */
export function newSessionId({ tenantId, generation }: SessionOwner): string {
  const owner = tenantId === null ? "c" : `t${Buffer.from(tenantId).toString("base64url")}`;
  return `${owner}~${generation}~${randomBytes(32).toString("base64url")}`;
}

/** Reads the owner out of an id; `undefined` for what was not made here. */
export function ownerIn(id: string): SessionOwner | undefined {
  const [, owner = "", generation = ""] = form.exec(id) ?? [];
  if (owner === "") return undefined;
  const tenantId = owner === "c" ? null : Buffer.from(owner.slice(1), "base64url").toString();
  return { tenantId, generation: Number(generation) };
}

const form = /^(c|t[\w-]{1,256})~(\d{1,9})~[\w-]{43}$/;
