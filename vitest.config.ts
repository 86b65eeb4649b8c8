import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Tests start many processes of their own: each of them takes what the others compiled.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/compiled");

const packages = globSync("{packages,examples}/*/package.json", { cwd: import.meta.dirname }).map(
  (manifest) => {
    const { name } = JSON.parse(readFileSync(join(import.meta.dirname, manifest), "utf8"));
    return {
      extends: true,
      root: join(import.meta.dirname, manifest, ".."),
      test: { name },
    } as const;
  },
);

export default defineConfig({
  test: {
    hookTimeout: 120_000, // the command line is not heard here
    // Node runs the sources as they are: nothing is transformed anew for each project. No test replaces a module.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    projects: [
      ...packages,
      { extends: true, test: { name: "workspace", include: ["test/**/*.test.ts"] } },
    ],
    coverage: { include: ["packages/*/src/**"] },
  },
});
