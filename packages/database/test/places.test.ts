import { expect, it } from "vitest";
import { Places } from "../src/connection/pool/places.ts";

it("shrinks to what is taken when the server has no connection left", () => {
  const places = taken(8, 3);

  places.shrink(0);

  expect([places.limit, places.isFree]).toEqual([3, false]);
});

it("never shrinks below one, with which those who wait can be served in turn", () => {
  const places = taken(8, 0);

  places.shrink(0);

  expect([places.limit, places.isFree]).toEqual([1, true]);
});

it("never grows by shrinking, though more are taken than there may be by now", () => {
  const places = taken(8, 4);
  places.shrink(0);
  for (let more = 0; more < 2; more++) places.take();

  places.shrink(0);

  expect(places.limit).toBe(4);
});

it("tries one more after a second, and after each try in vain twice as late, half a minute at most", () => {
  const places = taken(2, 1);
  const waits: number[] = [];
  let now = 0;

  for (let failure = 0; failure < 8; failure++) {
    places.shrink(now);
    const since = now;
    while (places.limit < 2) {
      now += 500;
      places.grow(now);
    }
    waits.push(now - since);
  }

  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1_000));
});

it("counts a failure once that tells of no try", () => {
  const places = taken(8, 4);
  places.shrink(0);
  places.grow(1_000);
  places.shrink(1_000);

  places.shrink(1_000);

  places.grow(2_999);
  expect(places.limit).toBe(4);
  places.grow(3_000);
  expect(places.limit).toBe(5);
});

it("has its first patience again once there are as many as ever", () => {
  const places = taken(2, 1);
  for (let failure = 0, now = 0; failure < 3; failure++, now += 60_000) {
    places.shrink(now);
    places.grow(now + 50_000);
  }
  places.grow(200_000);

  for (let failure = 0; failure < 2; failure++) places.shrink(200_000);

  places.grow(200_999);
  expect(places.limit).toBe(1);
  places.grow(201_000);
  expect(places.limit).toBe(2);
});

function taken(most: number, count: number): Places {
  const places = new Places(most);
  for (let place = 0; place < count; place++) places.take();
  return places;
}
