import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { config } from "./support/application.ts";
import { contentOf, makeProject } from "./support/project.ts";
import { applicationHere, runHere } from "./support/run-here.ts";

const manifest = { type: "module", dependencies: { express: "^5.0.0" } };

it("S056: a package.json that nobody is to write, or that is broken, is left alone with advice", async () => {
  const readOnly = makeProject(manifest);
  chmodSync(join(readOnly, "package.json"), 0o444);
  const list = makeProject(undefined, { "package.json": "[]" });
  const refused: [folder: string, says: string][] = [
    [readOnly, "may not be written: make it writable"],
    [list, "is no JSON object that can be read: mend it"],
  ];

  for (const [folder, says] of refused) {
    const before = contentOf(folder);
    for (const how of [[], ["--dry-run"]]) {
      const argv = ["install", "--no-install", "--framework", "koa", ...how];
      expect(await runHere(argv, folder)).toMatchObject({
        ...{ code: 2, stderr: expect.stringContaining(says) },
      });
    }
    expect(contentOf(folder)).toEqual(before);
  }
});

it("S066: a flag that ends with = has no value, wherever it stands, and behind -- it is an argument", async () => {
  const folder = makeProject(manifest);

  for (const argv of [
    "tenant show --config= acme",
    "migrate resume --config=",
    "seed run --tenants= demo",
  ]) {
    const { code, stderr } = await runHere(argv.split(" "), folder);
    expect([argv, code, stderr]).toEqual([argv, 2, expect.stringContaining("has no value")]);
  }
  expect((await runHere(["seed", "run", "--", "--x="], folder)).stderr).toContain(
    "CONFIG_NOT_FOUND",
  );
});

it("S067: help tells which arguments may be left out, and those that may not be are asked for", async () => {
  const folder = makeProject(manifest);
  const usage = async (path: string) =>
    (await runHere([...path.split(" "), "--help"], folder)).stdout;

  expect(await usage("seed run")).toContain("seed run [<seeders>]... [flags]");
  expect(await usage("tenant run")).toContain("tenant run <script> [<args>]... [flags]");
  expect(await usage("tenant purge")).toContain("tenant purge <tenants>... [flags]");
  for (const lacking of ["tenant purge --yes", "tenant domain add acme"]) {
    expect(await runHere(lacking.split(" "), folder)).toMatchObject({
      ...{ code: 2, stderr: expect.stringMatching(/argument <(tenants|domains)> is missing/) },
    });
  }
});

it("S066: with --json an error is all that stderr has, however long it took, and a driver that is none is called wrongly", async () => {
  const slow = config().replace("provisioning: provisioning", `bootstrappers: [slow], $&`);
  const text = `${slow}\nconst slow = { name: "slow", bootstrap() {}, attach() {}, async close() {}, start: () => new Promise((ready) => setTimeout(ready, 1_100)) };\n`;
  const folder = await applicationHere({ "tenancy.config.ts": text });
  const create = ["tenant", "create", "acme", "--driver", "oracle"];

  const [script, person] = [
    await runHere([...create, "--json"], folder),
    await runHere(create, folder),
  ];

  expect(JSON.parse(script.stderr)).toMatchObject({ error: { code: "UNKNOWN_DRIVER" } });
  expect(person.stderr).toMatch(/^working/);
  expect([script, person]).toMatchObject([
    { code: 2, stdout: "" },
    { code: 2, stdout: "" },
  ]);
});
