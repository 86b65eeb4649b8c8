import { BlockList, isIP } from "node:net";
import { ConfigurationError } from "@af-tenancy/core";

/**
 * Makes the test whether an address belongs to listed peers, such as `10.0.0.0/8`, `::1`. Throws `ConfigurationError` for
 * an empty list, for what is no address or network, and for a network of everybody.
 */
export function peerList(key: string, peers: unknown): (address: string | undefined) => boolean {
  if (!Array.isArray(peers) || peers.length === 0) {
    const shown = Array.isArray(peers) ? "empty" : `of type ${typeof peers}`;
    throw new ConfigurationError(key, shown, 'give addresses or networks, such as ["10.0.0.0/8"].');
  }
  const list = new BlockList();
  for (const [index, peer] of peers.entries()) add(list, `${key}[${index}]`, peer);
  // A proxy sends one request after another, and the list takes longer than all the rest of a resolver.
  let trusted: string | undefined;
  return function isListed(address) {
    if (address === undefined) return false;
    if (address === trusted) return true;
    if (!contains(list, address)) return false;
    trusted = address;
    return true;
  };
}

function add(list: BlockList, key: string, peer: unknown): void {
  const [address = "", prefix, ...rest] = String(peer).split("/");
  const family = isIP(address);
  const longest = family === 4 ? 32 : 128;
  const length = prefix === undefined ? longest : Number(prefix);
  const isFine =
    typeof peer === "string" &&
    family !== 0 &&
    !address.includes("%") &&
    rest.length === 0 &&
    /^\d{1,3}$/.test(prefix ?? "1") &&
    length >= 1 &&
    length <= longest;
  if (!isFine) {
    const shown =
      typeof peer === "string" ? JSON.stringify(peer.slice(0, 60)) : `of type ${typeof peer}`;
    const remedy =
      'give an address or a network with a length of at least 1, such as "10.0.0.0/8".';
    throw new ConfigurationError(key, shown, remedy);
  }
  list.addSubnet(address, length, family === 4 ? "ipv4" : "ipv6");
}

/** An IPv4 peer of a socket that listens on IPv6 is `::ffff:10.0.0.1`, which the list takes for the IPv4 address. */
function contains(list: BlockList, address: string): boolean {
  const [bare = ""] = address.split("%", 1);
  const family = isIP(bare);
  return family !== 0 && list.check(bare, family === 4 ? "ipv4" : "ipv6");
}
