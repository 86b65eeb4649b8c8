import { BlockList, isIP } from "node:net";

/**
 * Tells whether an address is in one of these blocks. An IPv4 address that is written as an IPv6 one
 * (`::ffff:192.0.2.1`), as sockets for both give it, is taken for what it is; else only blocks of its own kind hold it.
 */
export function isInBlocks(blocks: readonly string[], address: string | undefined): boolean {
  const asked = addressOf(address ?? "");
  if (asked === undefined) return false;
  const list = new BlockList();
  for (const { network, prefix, family } of blocks.flatMap((block) => blockOf(block) ?? [])) {
    if (family === asked.family) list.addSubnet(network, prefix, family);
  }
  return list.check(asked.network, asked.family);
}

/** Tells whether a text is an address such as `192.0.2.1`, or a block such as `2001:db8::/32`. */
export function isAddressBlock(text: unknown): boolean {
  return typeof text === "string" && blockOf(text) !== undefined;
}

interface Address {
  readonly network: string;
  readonly family: "ipv4" | "ipv6";
}

/** An address alone is a block of one. */
function blockOf(text: string): (Address & { readonly prefix: number }) | undefined {
  const [network = "", given, ...rest] = text.split("/");
  const address = addressOf(network);
  if (address === undefined || rest.length > 0) return undefined;
  const longest = address.family === "ipv4" ? 32 : 128;
  if (given === undefined) return { ...address, prefix: longest };
  const isPrefix = /^\d{1,3}$/.test(given) && Number(given) <= longest;
  return isPrefix ? { ...address, prefix: Number(given) } : undefined;
}

function addressOf(text: string): Address | undefined {
  const network = text.replace(/^::ffff:(?=[\d.]+$)/i, "");
  const version = network.includes("%") ? 0 : isIP(network);
  if (version === 0) return undefined;
  return { network, family: version === 4 ? "ipv4" : "ipv6" };
}
