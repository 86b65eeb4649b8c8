import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { config, makeApplication } from "./support/application.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";
import { runInTerminal, runProcess } from "./support/run-process.ts";

const patterns = ["--folder", "storage/{slug}/public", "--link", "public/{slug}"];

it("C125: links lead to the files of their own tenant, all or chosen, and are removed alone", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": config() });
  for (const slug of ["acme", "globex"]) await runHere(["tenant", "create", slug], folder);
  mkdirSync(join(folder, "storage/globex/public"), { recursive: true });
  writeFileSync(join(folder, "storage/globex/public/logo.txt"), "globex");

  const rehearsed = await runProcess(["tenant", "link", ...patterns, "--dry-run"], { folder });
  const before = existsSync(join(folder, "public"));
  const made = await runProcess(["tenant", "link", ...patterns, "--json"], { folder });
  const again = await jsonHere(["tenant", "link", ...patterns], folder);
  writeFileSync(join(folder, "public/acme/logo.txt"), "acme");
  const logos = ["acme", "globex"].map((slug) =>
    readFileSync(join(folder, "public", slug, "logo.txt"), "utf8"),
  );
  const removed = await runInTerminal(
    [
      "tenant",
      "unlink",
      "--folder",
      "storage/{slug}/public",
      "--link",
      "public/{slug}",
      "--tenants",
      "acme",
    ],
    { folder },
  );

  expect([rehearsed.code, before]).toEqual([0, false]);
  expect(rehearsed.stdout).toContain(`acme  ${join(folder, "public/acme")} -> `);
  const result = (slug: string, state: string) => ({
    ...{ folder: join(folder, "storage", slug, "public"), link: join(folder, "public", slug) },
    state,
  });
  expect(outputs.fleet.parse(JSON.parse(made.stdout))).toMatchObject({
    tenants: [
      { tenant: "acme", state: "done", result: result("acme", "made") },
      { tenant: "globex", state: "done", result: result("globex", "made") },
    ],
  });
  expect(again).toMatchObject({
    tenants: [{ result: { state: "there" } }, { result: { state: "there" } }],
  });
  expect(logos).toEqual(["acme", "globex"]);
  expect(removed).toMatchObject({ code: 0, screen: expect.stringContaining("acme") });
  expect(readdirSync(join(folder, "public"))).toEqual(["globex"]);
  expect(readFileSync(join(folder, "storage/acme/public/logo.txt"), "utf8")).toBe("acme");
}, 60_000);

it("C125: what has a link's name and is none, or leads to somebody else, is left alone", async () => {
  const folder = await applicationHere();
  for (const slug of ["acme", "globex"]) await runHere(["tenant", "create", slug], folder);
  for (const path of ["public/acme", "storage/acme/public"]) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  symlinkSync(join(folder, "storage/acme/public"), join(folder, "public/globex"));
  const tell = (argv: string[]) => jsonHere(argv, folder);

  const linked = await tell(["tenant", "link", ...patterns, "--skip-failing"]);
  const unlinked = await tell(["tenant", "unlink", ...patterns, "--skip-failing"]);

  const refused = { state: "failed", error: { code: "FILE_NOT_WRITTEN" } };
  expect(linked).toMatchObject({ tenants: [refused, refused] });
  expect(unlinked).toMatchObject({ tenants: [refused, refused] });
  expect(readlinkSync(join(folder, "public/globex"))).toBe(join(folder, "storage/acme/public"));
  expect(readdirSync(join(folder, "public"))).toEqual(["acme", "globex"]);
});

it("C125: relative links move with their folder, and a pattern that tenants would share is refused", async () => {
  const folder = await applicationHere();
  await runHere(["tenant", "create", "acme"], folder);

  const shared = await runHere(
    ["tenant", "link", "--folder", "files", "--link", "public/{id}"],
    folder,
  );
  const nowhere = await runHere(["tenant", "link", "--folder", "files/{id}"], folder);
  writeFileSync(join(folder, "public"), "");
  const blocked = await jsonHere(["tenant", "link", ...patterns], folder);
  const relative = ["--folder", "storage/{slug}", "--link", "links/{slug}", "--relative"];
  const { code } = await runHere(["tenant", "link", ...relative], folder);

  expect([shared.code, nowhere.code]).toEqual([2, 2]);
  expect(shared.stderr).toContain("--folder needs {id} or {slug}");
  expect(existsSync(join(folder, "files"))).toBe(false);
  expect(blocked).toMatchObject({ tenants: [{ error: { code: "FILE_NOT_WRITTEN" } }] });
  expect([code, readlinkSync(join(folder, "links/acme"))]).toEqual([0, "../storage/acme"]);
});
