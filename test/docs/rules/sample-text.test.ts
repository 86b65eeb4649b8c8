import { expect, it } from "vitest";
import { sampleText } from "./sample-text.ts";

const file = `import { a } from "a";

it("works", () => {
  // #region first
  const one = a();

  if (one) {
    a();
  }
  // #endregion
  // #region second
  a(2);
  // #endregion
  more();
  // #region first

  a(3);
  // #endregion
});
`;

it("gives the whole file without its last line break", () => {
  expect(sampleText(file, undefined)).toBe(file.slice(0, -1));
});

it("gives a region dedented, its parts one after the other", () => {
  expect(sampleText(file, "first")).toBe("const one = a();\n\nif (one) {\n  a();\n}\n\na(3);");
  expect(sampleText(file, "second")).toBe("a(2);");
});

it.each([
  ["that is not there", "// #region other\na\n// #endregion"],
  ["that never ends", "// #region one\na"],
  ["inside of which another begins", "// #region one\n// #region two\n// #endregion"],
])("gives nothing for a region %s", (_, text) => {
  expect(sampleText(text, "one")).toBeUndefined();
});
