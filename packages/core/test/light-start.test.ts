import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

it("loads neither Node's web server nor its web client, so that commands begin sooner", () => {
  const code =
    'await import("@af-tenancy/core"); console.log(JSON.stringify(process.moduleLoadList))';
  const parameters = ["--conditions", "development", "--input-type", "module", "--eval", code];
  const printed = execFileSync(process.execPath, parameters, {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });

  const loaded = JSON.parse(printed) as readonly string[];
  expect(loaded).toContain("NativeModule events");
  expect(loaded).not.toContain("NativeModule http");
  expect(loaded).not.toContain("NativeModule internal/deps/undici/undici");
});
