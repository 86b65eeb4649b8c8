import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readSettings } from "../src/settings.ts";

it("has defaults, and an absolute folder", () => {
  expect(readSettings({})).toEqual({ port: 3000, folder: resolve("data") });
  expect(readSettings({ PORT: "", DATA_DIR: "" })).toEqual(readSettings({}));
  expect(readSettings({ PORT: "0", DATA_DIR: "/tmp/a" })).toEqual({ port: 0, folder: "/tmp/a" });
});

it.each(["abc", " ", "1e3", "0x10", "-1", "3.5", "65536", "80 "])("refuses the port %j", (PORT) => {
  expect(readSettings({ PORT })).toBe(`PORT is "${PORT}": give a whole number from 0 to 65535.`);
});

it("says in one line why it cannot start", () => {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const env = { ...process.env, PORT: "0", DATA_DIR: main };

  const { status, stderr } = spawnSync(process.execPath, [main], { env, encoding: "utf8" });

  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^Cannot start with the data in .*main\.ts: The tenant registry .*EEXIST.*\n$/,
  );
});
