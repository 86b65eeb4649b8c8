import { SessionCookieDoubledError } from "./errors.ts";

/** Throws `SessionCookieDoubledError` where a request has two cookies of the name, from whichever header. */
export function requireSingleCookie(rawHeaders: readonly string[], name: string): void {
  let found = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== "cookie") continue;
    for (const pair of rawHeaders[at + 1]?.split(";") ?? []) {
      if (pair.split("=", 1)[0]?.trim() === name) found += 1;
    }
  }
  if (found > 1) throw new SessionCookieDoubledError(name);
}
