import { expect, it } from "vitest";
import { parseSource } from "../support/parse-source.ts";
import { plainErrors } from "./plain-errors.ts";

it.each([
  `throw new Error("no tenant");`,
  `throw Error("no tenant");`,
  `throw (new TypeError("no tenant") as unknown);`,
  `const f = () => Promise.reject(new Error("no tenant"));`,
])("refuses: %s", (text) => {
  const found = plainErrors([parseSource("packages/core/src/a.ts", `\n${text}`)]);

  expect(found).toEqual([expect.stringMatching("^packages/core/src/a.ts:2 throws a plain error")]);
});

it.each([
  `throw new TenantNotFoundError("acme");`,
  `throw new AggregateError(failures, "two undos failed");`,
  `try { f(); } catch (error) { throw error; }`,
  `throw signal.reason;`,
  `// throw new Error("no tenant");`,
  `export class TenancyError extends Error {}`,
])("allows: %s", (text) => {
  expect(plainErrors([parseSource("packages/core/src/a.ts", text)])).toEqual([]);
});
