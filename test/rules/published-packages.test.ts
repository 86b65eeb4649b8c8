import { expect, it } from "vitest";
import { manifestOf } from "../support/manifest.ts";
import { packageViolations } from "./published-packages.ts";

const complete = {
  name: "@af-tenancy/cache",
  description: "The cache.",
  license: "MIT",
  type: "module",
  files: ["dist"],
  engines: { node: ">=22.19.0" },
  exports: {
    ".": "./src/index.ts",
    "./redis": "./src/redis.ts",
    "./package.json": "./package.json",
  },
  publishConfig: {
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./redis": { types: "./dist/redis.d.ts", default: "./dist/redis.js" },
      "./package.json": "./package.json",
    },
  },
};

it("allows a complete package", () => {
  expect(violations({})).toEqual([]);
});

it.each([
  ["name", { name: "@af-tenancy/other" }],
  ["type", { type: "commonjs" }],
  ["license", { license: "ISC" }],
  ["description", { description: "" }],
  ["files", { files: ["dist", "src"] }],
  ["engines", { engines: { node: ">=20" } }],
  ["./src/index.ts", {}, (path: string) => !path.endsWith("src/index.ts")],
  [".", { exports: {} }],
  [".", { exports: { ...complete.exports, ".": "./dist/index.js" } }],
  [
    ".",
    { publishConfig: { exports: { ...complete.publishConfig.exports, ".": "./src/index.ts" } } },
  ],
  ["./lib", withEntry("./lib", "./lib/index.ts", "./lib/index")],
  ["./redis", { publishConfig: { exports: { ".": complete.publishConfig.exports["."] } } }],
  ["./memory", { exports: { ...complete.exports, "./memory": "./src/memory.ts" } }],
  ["README.md", {}, (path: string) => !path.endsWith("README.md")],
])("refuses a wrong %s", (what, changes, exists = () => true) => {
  const found = violations(changes, exists);

  expect(found.join("\n")).toContain("packages/cache/");
  expect(found.join("\n")).toContain(what === "./src/index.ts" ? `exports "."` : what);
});

function violations(changes: object, exists: (path: string) => boolean = () => true) {
  const text = JSON.stringify({ ...complete, ...changes });
  return packageViolations(manifestOf("packages/cache", text), exists);
}

function withEntry(subpath: string, source: string, built: string) {
  const published = { types: `${built}.d.ts`, default: `${built}.js` };
  return {
    exports: { ...complete.exports, [subpath]: source },
    publishConfig: { exports: { ...complete.publishConfig.exports, [subpath]: published } },
  };
}
