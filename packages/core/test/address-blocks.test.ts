import { expect, it } from "vitest";
import { isInBlocks } from "../src/address-blocks.ts";
import { isAddressBlock } from "../src/index.ts";

it.each([
  ["192.0.2.7", "192.0.2.7", true],
  ["192.0.2.7", "192.0.2.8", false],
  ["192.0.2.0/24", "192.0.2.255", true],
  ["192.0.2.0/24", "192.0.3.0", false],
  ["192.0.2.7", "::ffff:192.0.2.7", true],
  ["::ffff:192.0.2.7", "192.0.2.7", true],
  ["0.0.0.0/0", "203.0.113.9", true],
  ["::/0", "203.0.113.9", false],
  ["0.0.0.0/0", "2001:db8::1", false],
  ["2001:db8::/32", "2001:db8:ffff::1", true],
  ["2001:db8::/32", "2001:db9::1", false],
  ["::1", "::1", true],
  ["nonsense", "192.0.2.7", false],
  ["0.0.0.0/0", "nobody", false],
  ["0.0.0.0/0", undefined, false],
])("C101: the block %s holds %s: %s", (block, address, holds) => {
  expect(isInBlocks(["198.51.100.0/24", block], address)).toBe(holds);
});

it.each([
  ...["192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/8/8", "192.0.2", "2001:db8::/129"],
  ...["fe80::1%eth0", "localhost", "", " 192.0.2.7", "192.0.2.7/08x", 7, undefined],
])("C101: takes %j for no block", (text) => {
  expect(isAddressBlock(text)).toBe(false);
});
