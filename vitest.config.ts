import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Most of the time goes into waiting for servers, which one worker per core would leave idle.
    maxWorkers: 3,
    projects: [
      "packages/*",
      "examples/*",
      { test: { name: "workspace", include: ["test/**/*.test.ts"] } },
    ],
    coverage: { include: ["packages/*/src/**"] },
  },
});
