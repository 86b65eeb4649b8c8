import type { DatabaseOwner } from "@af-tenancy/core";

/**
 * The bytes of a file in which one owner's id can be put in another's place. SQLite keeps a text as it is, so that files
 * which are alike but for owners of one generation, whose ids have as many bytes, differ in these bytes only.
 */
export class OwnerStamp {
  readonly #length: number;
  readonly #generation: number;
  readonly #bytes: Buffer;
  /** Where the id stands: in the marker, and in the index of its key. */
  readonly #places: readonly number[];

  /** `make` gives the bytes of a whole file. */
  constructor({ tenantId, generation }: DatabaseOwner, make: (owner: DatabaseOwner) => Buffer) {
    const length = Buffer.byteLength(tenantId);
    const [one, other] = ["a", "b"].map((letter) =>
      make({ tenantId: letter.repeat(length), generation }),
    ) as [Buffer, Buffer];
    this.#places = placesOf(one, other, length);
    this.#length = length;
    this.#generation = generation;
    this.#bytes = one;
  }

  /** Tells whether the owner's file is one of these. */
  fits({ tenantId, generation }: DatabaseOwner): boolean {
    return generation === this.#generation && Buffer.byteLength(tenantId) === this.#length;
  }

  /** Gives the bytes of the owner's file, until it is asked for another's. */
  contents({ tenantId }: DatabaseOwner): Buffer {
    for (const place of this.#places) this.#bytes.write(tenantId, place);
    return this.#bytes;
  }
}

/** Gives where a text of so many bytes begins that is another in each of two contents, which are alike but for it. */
function placesOf(one: Buffer, other: Buffer, length: number): readonly number[] {
  const places: number[] = [];
  for (let index = 0; index < one.length; index += 1) {
    if (one[index] === other[index]) continue;
    places.push(index);
    index += length - 1;
  }
  return places;
}
