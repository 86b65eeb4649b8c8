import { expect, it } from "vitest";
import { headerValues, onlyHeader } from "../src/index.ts";

it.each<[string, readonly string[], readonly string[], string | undefined]>([
  ["sent once", ["X-Real-IP", "192.0.2.7"], ["192.0.2.7"], "192.0.2.7"],
  ["absent", ["192.0.2.7", "y"], [], undefined],
  ["sent twice", ["x-real-ip", "1", "X-REAL-IP", "2"], ["1", "2"], undefined],
  ["sent twice alike", ["x-real-ip", "1", "x-real-ip", "1"], ["1", "1"], undefined],
  ["the value of another", ["A", "x-real-ip", "192.0.2.7", "y"], [], undefined],
  [
    "both",
    ["A", "x-real-ip", "192.0.2.7", "y", "X-Real-IP", "198.51.100.1"],
    ["198.51.100.1"],
    "198.51.100.1",
  ],
  ["empty", ["X-Real-IP", ""], [""], ""],
  ["cut off", ["X-Real-IP"], [], undefined],
])("F022: reads a header only by its name: %s", (_, rawHeaders, values, only) => {
  for (const name of ["x-real-ip", "X-Real-IP"]) {
    expect(headerValues(rawHeaders, name)).toEqual(values);
    expect(onlyHeader(rawHeaders, name)).toBe(only);
  }
});
