import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Tests start many processes of their own: each of them takes what the others compiled.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/compiled");

export default defineConfig({
  test: {
    projects: [
      "packages/*",
      "examples/*",
      { test: { name: "workspace", include: ["test/**/*.test.ts"] } },
    ],
    coverage: { include: ["packages/*/src/**"] },
  },
});
