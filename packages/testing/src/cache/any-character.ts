import fc from "fast-check";

/** Any character, like the unit `"binary"` of texts, which takes seconds to list all of them. */
export function anyCharacter(): fc.Arbitrary<string> {
  return fc
    .oneof(fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10_ffff }))
    .map((code) => String.fromCodePoint(code));
}
