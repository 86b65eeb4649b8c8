import { expect, it } from "vitest";
import { anchorsOf } from "./anchors.ts";

it.each([
  ["# Getting started", "getting-started"],
  ["## `run(tenant, fn)`: what it does", "runtenant-fn-what-it-does"],
  ["### [Errors](errors.md) & codes ###", "errors--codes"],
  ["## TENANT_NOT_FOUND", "tenant_not_found"],
])("gives %s the anchor %s", (heading, anchor) => {
  expect([...anchorsOf({ path: "a.md", text: heading })]).toEqual([anchor]);
});

it("counts headings of the same text, and takes none from code", () => {
  const text = "# A\n\n```sh\n# a comment\n```\n\n# A\n";

  expect([...anchorsOf({ path: "a.md", text })]).toEqual(["a", "a-1"]);
});
