import { expect, it } from "vitest";
import { Popularity } from "../src/connection/pool/popularity.ts";

it("counts how often each key was asked for", () => {
  const popularity = new Popularity(100);

  for (const key of ["acme", "globex", "acme"]) popularity.note(key);

  expect(popularity.of("acme")).toBe(2);
  expect(popularity.of("globex")).toBe(1);
  expect(popularity.of("nobody")).toBe(0);
});

it("counts what is old half, until it is forgotten", () => {
  const popularity = new Popularity(4);

  for (const key of ["acme", "acme", "acme", "globex"]) popularity.note(key);

  expect(popularity.of("acme")).toBe(1);
  expect(popularity.of("globex")).toBe(0);
  expect(popularity.size).toBe(1);
});

it("S021: remembers a bounded number of keys, however many there are", () => {
  const popularity = new Popularity(500);
  let most = 0;

  for (let tenant = 0; tenant < 100_000; tenant++) {
    popularity.note(`tenant-${tenant}`);
    if (tenant % 3 === 0) popularity.note(`tenant-${tenant}`);
    most = Math.max(most, popularity.size);
  }

  expect(most).toBeLessThan(1_000);
});
