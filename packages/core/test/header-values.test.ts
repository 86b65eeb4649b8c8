import { expect, it } from "vitest";
import { cookieValues, headerValues, onlyHeader } from "../src/index.ts";

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

it.each<[string, readonly string[], readonly string[]]>([
  ["sent once", ["Cookie", "a=1; sid=x=y ;b=2"], ["x=y"]],
  ["absent", ["Cookie", "a=sid; asid=1; sid2=1; SID=1; sid"], []],
  ["in another header", ["X-Cookie", "sid=1", "A", "cookie", "sid=1", "B"], []],
  ["sent twice", ["Cookie", "sid=1; sid=2"], ["1", "2"]],
  ["in two headers", ["cookie", "sid=1", "COOKIE", "\tsid = 2"], ["1", "2"]],
  ["empty", ["Cookie", "sid="], [""]],
  ["encoded in its name", ["Cookie", "%73id=1"], []],
])("F093: reads a cookie as it was sent: %s", (_, rawHeaders, values) => {
  expect(cookieValues(rawHeaders, "sid")).toEqual(values);
});
