import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { fileFixOf } from "../src/doctor/file-fixes.ts";

it("takes from others the right to write into a file, and touches nothing that a link leads to", async () => {
  const folder = mkdtempSync(join(tmpdir(), "af-fixes-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "file");
  const elsewhere = join(folder, "elsewhere");
  const link = join(folder, "link");
  for (const path of [file, elsewhere]) {
    writeFileSync(path, "");
    chmodSync(path, 0o666);
  }
  symlinkSync(elsewhere, link);
  const fix = (subject: string) =>
    fileFixOf({
      ...{ check: "sqlite/open-to-others", severity: "error", subject },
      ...{ problem: "open", remedy: "close it" },
    } as never);

  await fix(file)?.act();
  await expect(fix(link)?.act()).rejects.toThrow("ELOOP");

  expect(statSync(file).mode & 0o777).toBe(0o664);
  expect(statSync(elsewhere).mode & 0o777).toBe(0o666);
});
