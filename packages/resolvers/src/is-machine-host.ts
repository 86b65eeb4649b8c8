/**
 * Tells whether a canonical host names a machine and so never a tenant: `localhost`, or an IP address in any form that
 * some client understands, such as `127.0.0.1`, `127.1`, `2130706433`, `0x7f.1` or `[::1]`.
 */
export function isMachineHost(host: string): boolean {
  if (host === "localhost" || host.startsWith("[")) return true;
  const lastLabel = host.slice(host.lastIndexOf(".") + 1);
  // Browsers take every host whose last label is a number for an IPv4 address.
  return /^(?:\d+|0x[\da-f]*)$/.test(lastLabel);
}
