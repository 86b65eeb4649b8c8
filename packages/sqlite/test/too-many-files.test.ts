import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const worker = fileURLToPath(new URL("./workers/too-many-files.ts", import.meta.url));

it("F142: a process with too many files open answers 503 until it has some, and goes on", async () => {
  const folder = await temporaryFolder();
  const limited = ["-c", 'ulimit -n 128 && exec "$0" --no-warnings "$@"'];

  const { stdout } = await promisify(execFile)("sh", [
    ...limited,
    process.execPath,
    worker,
    folder,
  ]);

  expect(JSON.parse(stdout)).toEqual([
    ...["200 0", "503 DATABASE_UNAVAILABLE", "503 DATABASE_UNAVAILABLE", "404 TENANT_NOT_FOUND"],
    ...["200 0", "200 0"],
  ]);
});
