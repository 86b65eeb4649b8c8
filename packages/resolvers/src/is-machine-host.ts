/**
 * Tells whether a canonical host names a machine and so never a tenant: `localhost`, or an IP address in any form that
 * some client understands, such as `127.0.0.1`, `127.1`, `2130706433`, `0x7f.1` or `[::1]`.
 */
export function isMachineHost(host: string): boolean {
  if (host === "localhost" || host.startsWith("[")) return true;
  // Browsers take every host whose last label is a number for an IPv4 address; a number begins with a digit.
  let lastLabel = host.length;
  while (lastLabel > 0 && host.charCodeAt(lastLabel - 1) !== DOT) lastLabel--;
  const first = host.charCodeAt(lastLabel);
  return first >= ZERO && first <= NINE && /^(?:\d+|0x[\da-f]*)$/.test(host.slice(lastLabel));
}

const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
