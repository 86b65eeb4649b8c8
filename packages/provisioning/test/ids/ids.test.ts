import { ConfigurationError } from "@af-tenancy/core";
import { describe, expect, it, vi } from "vitest";
import {
  hexIds,
  type IdGenerator,
  integerIds,
  sequenceIds,
  stringIds,
  ulidIds,
  uuidV4Ids,
  uuidV7Ids,
} from "../../src/index.ts";
import { thrownBy } from "../support/thrown-by.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-([47])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("C151: generators of ids", () => {
  it.each<[string, () => IdGenerator, RegExp]>([
    ["UUID 7", uuidV7Ids, uuid],
    ["UUID 4", uuidV4Ids, uuid],
    ["ULID", ulidIds, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/],
    ["hex", hexIds, /^[0-9a-f]{32}$/],
    ["odd hex", () => hexIds(9), /^[0-9a-f]{9}$/],
    ["string", stringIds, /^[0-9A-Za-z]{21}$/],
    ["string of", () => stringIds(64, "ab-_"), /^[ab_-]{64}$/],
    ["integer", () => integerIds(1_000, 1_000_000_000), /^[1-9]\d{3,9}$/],
    ["sequence", sequenceIds, /^[1-9]\d*$/],
    ["padded sequence", () => sequenceIds({ digits: 10 }), /^\d{10}$/],
  ])("make different ids of their form: %s", async (_name, make, form) => {
    const ids = await take(make(), 1_000);

    expect(ids.filter((id) => !form.test(id))).toEqual([]);
    expect(new Set(ids).size).toBeGreaterThan(990);
  });

  it("tell their version", async () => {
    expect(uuid.exec((await take(uuidV7Ids(), 1)).join())?.[1]).toBe("7");
    expect(uuid.exec((await take(uuidV4Ids(), 1)).join())?.[1]).toBe("4");
  });

  it.each<[string, () => IdGenerator]>([
    ["UUID 7", uuidV7Ids],
    ["ULID", ulidIds],
    ["padded sequence", () => sequenceIds({ digits: 16 })],
  ])("sort as they were made, within a millisecond too: %s", async (_name, make) => {
    vi.useFakeTimers({ now: Date.now() + 1_000, toFake: ["Date"] });
    const generate = make();
    const ids = await take(generate, 5_000);
    vi.setSystemTime(Date.now() + 1);
    ids.push(...(await take(generate, 5_000, 5_000)));
    vi.useRealTimers();

    expect(new Set(ids).size).toBe(10_000);
    expect([...ids].sort()).toEqual(ids);
  });

  it("reach both ends of a range, and every character", async () => {
    const digits = await take(integerIds(0, 2), 1_000);
    const letters = (await take(stringIds(4, "xyz"), 1_000)).join("");

    expect([...new Set(digits)].sort()).toEqual(["0", "1", "2"]);
    expect([...new Set(letters)].sort()).toEqual(["x", "y", "z"]);
  });

  it.each<[string, () => unknown]>([
    ["hexIds.length", () => hexIds(3)],
    ["hexIds.length", () => hexIds(65)],
    ["hexIds.length", () => hexIds(8.5)],
    ["stringIds.length", () => stringIds(3)],
    ["stringIds.length", () => stringIds(65)],
    ["stringIds.alphabet", () => stringIds(8, "a")],
    ["stringIds.alphabet", () => stringIds(8, "abca")],
    ["stringIds.alphabet", () => stringIds(8, "ab/c")],
    ["stringIds.alphabet", () => stringIds(8, "äb")],
    ["integerIds.min", () => integerIds(-1, 5)],
    ["integerIds.min", () => integerIds(0.5, 5)],
    ["integerIds.max", () => integerIds(5, 5)],
    ["integerIds.max", () => integerIds(0, 2 ** 48)],
    ["integerIds.max", () => integerIds(0, Number.POSITIVE_INFINITY)],
    ["sequenceIds.sequence", () => sequenceIds({ sequence: "two words" })],
    ["sequenceIds.digits", () => sequenceIds({ digits: 0 })],
    ["sequenceIds.digits", () => sequenceIds({ digits: 17 })],
  ])("refuse what they cannot do, at %s", async (key, make) => {
    const thrown = await thrownBy(make);

    expect(thrown).toBeInstanceOf(ConfigurationError);
    expect(thrown).toMatchObject({ key });
  });
});

async function take(generate: IdGenerator, count: number, used = 0): Promise<string[]> {
  let last = used;
  const next = async () => {
    last += 1;
    return last;
  };
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) ids.push(await generate({ next }));
  return ids;
}
