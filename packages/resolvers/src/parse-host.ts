import { isIPv6 } from "node:net";

/** Says no to a host, by throwing the error that suits the caller. */
export type RefuseHost = (text: string, reason: string) => never;

/**
 * Reads `host[:port]` strictly and gives the canonical host: lower case, no port, no trailing dot.
 *
 * What is accepted is letters, digits and inner hyphens in labels of 1 to 63 characters, 253 in all, and an IPv6
 * address in brackets. An underscore is legal in DNS but not in a host name, so it is refused like any other character.
 */
export function parseHost(text: string, refuse: RefuseHost): string {
  if (text.charCodeAt(0) === OPENING_BRACKET) return parseIpv6(text, refuse);
  let labelStart = 0;
  let hasUpperCase = false;
  let position = 0;
  for (; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if ((code >= LOWER_A && code <= LOWER_Z) || isDigit(code) || code === HYPHEN) continue;
    if (code === COLON) break;
    if (code === DOT) {
      checkLabel(text, labelStart, position, refuse);
      labelStart = position + 1;
    } else if (code >= UPPER_A && code <= UPPER_Z) {
      hasUpperCase = true;
    } else {
      return refuse(text, "host names consist of letters, digits, hyphens and dots");
    }
  }
  const hasTrailingDot = position > 0 && position === labelStart;
  if (!hasTrailingDot) checkLabel(text, labelStart, position, refuse);
  checkPort(text, position, refuse);
  const host = text.slice(0, hasTrailingDot ? position - 1 : position);
  if (host.length > 253) return refuse(text, "it is longer than 253 characters");
  return hasUpperCase ? host.toLowerCase() : host;
}

function checkLabel(text: string, start: number, end: number, refuse: RefuseHost): void {
  if (start === end) refuse(text, "a part between its dots is empty");
  if (end - start > 63) refuse(text, "a part between its dots is longer than 63 characters");
  if (text.charCodeAt(start) === HYPHEN || text.charCodeAt(end - 1) === HYPHEN) {
    refuse(text, "a part between its dots begins or ends with a hyphen");
  }
}

function checkPort(text: string, colon: number, refuse: RefuseHost): void {
  if (colon === text.length) return;
  let port = 0;
  for (let position = colon + 1; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (!isDigit(code)) refuse(text, "its port has a character that is no digit");
    port = port * 10 + code - ZERO;
  }
  const digits = text.length - colon - 1;
  if (digits < 1 || digits > 5 || port > 65_535) refuse(text, "its port is not 0 to 65535");
}

/** Kept as it was written, in lower case: an address never names a tenant, it is only looked up among the central names. */
function parseIpv6(text: string, refuse: RefuseHost): string {
  const end = text.indexOf("]") + 1;
  const address = text.slice(1, end - 1);
  // `isIPv6` accepts a zone, as in `fe80::1%eth0`, which means nothing outside the machine that sent it.
  if (end === 0 || address.includes("%") || !isIPv6(address)) {
    refuse(text, "what stands in brackets is no IPv6 address");
  }
  if (end < text.length && text.charCodeAt(end) !== COLON) {
    refuse(text, "something other than a port follows the brackets");
  }
  checkPort(text, end, refuse);
  return text.slice(0, end).toLowerCase();
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

const HYPHEN = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const OPENING_BRACKET = 0x5b;
const LOWER_A = 0x61;
const LOWER_Z = 0x7a;
