import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTenancy } from "@af-tenancy/core";
import { expect, it, onTestFinished, vi } from "vitest";

it("composes what the command finds in tenancy.config.ts", async () => {
  const folder = mkdtempSync(join(tmpdir(), "af-tenancy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  vi.stubEnv("DATA_DIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());

  const { default: options } = await import("../src/tenancy.config.ts");
  const tenancy = createTenancy(options);
  await tenancy.start();
  onTestFinished(() => tenancy.close());

  expect(await tenancy.tenants.create({ slug: "acme" })).toMatchObject({ status: "active" });
});
