import { headerValues } from "@af-tenancy/core";
import { SessionCookieDoubledError } from "./errors.ts";

/** Throws `SessionCookieDoubledError` where a request has two cookies of the name, from whichever header. */
export function requireSingleCookie(rawHeaders: readonly string[], name: string): void {
  const named = headerValues(rawHeaders, "cookie")
    .flatMap((header) => header.split(";"))
    .filter((pair) => pair.split("=", 1)[0]?.trim() === name);
  if (named.length > 1) throw new SessionCookieDoubledError(name);
}
