import { cookieValues } from "@af-tenancy/core";
import { SessionCookieDoubledError } from "./errors.ts";

/** Throws `SessionCookieDoubledError` where a request has two cookies of the name, from whichever header. */
export function requireSingleCookie(rawHeaders: readonly string[], name: string): void {
  if (cookieValues(rawHeaders, name).length > 1) throw new SessionCookieDoubledError(name);
}
