import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { config, makeApplication } from "./support/application.ts";
import { applicationHere, runHere } from "./support/run-here.ts";
import { runProcess } from "./support/run-process.ts";

const listing = ["tenant", "list", "--quiet"];

it("S067: finds the configuration above, and loads it by taking its types off", async () => {
  const folder = await makeApplication();
  const deep = join(folder, "src/deep");
  mkdirSync(deep, { recursive: true });

  expect(await runProcess(["tenant", "create", "acme", "--quiet"], { folder: deep })).toMatchObject(
    {
      code: 0,
      stdout: "acme\n",
    },
  );
});

it("S067: loads a configuration whose entity has decorators, and what was built from it by --config", async () => {
  const sources = await makeApplication({ "tenancy.config.ts": decorated, "note.ts": note });
  const built = await makeApplication({
    "build/tenancy.js": decorated.replace("./note", "./note.js"),
    "build/note.js": builtNote,
  });

  for (const { folder, flags } of [
    { folder: sources, flags: [] },
    { folder: built, flags: ["--config", "build/tenancy.js"] },
  ]) {
    expect(await runProcess(["tenant", "create", "acme", ...flags, "--quiet"], { folder })).toEqual(
      {
        code: 0,
        stdout: "acme\n",
        stderr: expect.not.stringContaining("Error"),
      },
    );
  }
});

it("S067: serves an application of CommonJS, with types and without", async () => {
  const typed = config()
    .replace(/import (\{.*\}) from ("[^"]+");/g, "const $1 = require($2);")
    .replace("export default", "module.exports =")
    .replaceAll("import.meta.dirname", "__dirname")
    .replace("const data =", "const data: string =");
  const manifest = { "package.json": '{"type":"commonjs"}' };
  const cts = await makeApplication({ ...manifest, "tenancy.config.cts": typed });
  const cjs = await makeApplication({
    ...manifest,
    "tenancy.config.js": typed.replace(": string", ""),
  });

  for (const folder of [cts, cjs]) {
    expect(await runProcess(["tenant", "create", "acme", "--quiet"], { folder })).toMatchObject({
      code: 0,
      stdout: "acme\n",
    });
  }
});

it("S067: refuses a configuration that is none, or not there, before anything is made", async () => {
  const folder = await makeApplication({ "none.js": "export default 5;" });

  const none = await runHere([...listing, "--config", "none.js"], folder);
  const absent = await runHere([...listing, "--config", "absent.js"], folder);
  const empty = await runHere([...listing, "--config", ""], folder);
  const aFolder = await runHere([...listing, "--config", "."], folder);
  const nowhere = await runProcess(listing, { folder: "/" });

  expect([none.code, absent.code, nowhere.code]).toEqual([2, 2, 2]);
  for (const { code, stderr } of [empty, aFolder]) {
    expect([code, stderr]).toEqual([2, expect.stringContaining("CONFIG_NOT_FOUND")]);
  }
  expect(none.stderr).toContain("CONFIG_NOT_LOADED");
  expect(absent.stderr).toContain("CONFIG_NOT_FOUND");
  expect(nowhere.stderr).toContain("CONFIG_NOT_FOUND");
});

it("S067: a configuration that throws or is invalid is called wrongly, and one that never comes up can be stopped", async () => {
  const folder = await applicationHere({
    "throws.js": `export default () => { throw new Error("no way"); };`,
    "invalid.js": `export default { registry: 5, provisioning: 5 };`,
    "never.js": `export default () => new Promise(() => {});`,
  });
  const stop = new AbortController();

  const throws = await runHere([...listing, "--config", "throws.js"], folder);
  const invalid = await runHere([...listing, "--config", "invalid.js"], folder);
  const never = runHere([...listing, "--config", "never.js"], folder, {}, stop.signal);
  setTimeout(() => stop.abort(), 100);

  expect(throws.code).toBe(2);
  expect(throws.stderr).toMatch(/CONFIG_NOT_LOADED.*no way/s);
  expect(invalid.code).toBe(2);
  expect(invalid.stderr).toContain("INVALID_CONFIGURATION");
  expect((await never).code).toBe(130);
});

const decorated = `
import { defineTenancy } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { Note } from "./note";
const data = "./data";
export default defineTenancy({
  registry: sqliteRegistry({ file: data + "/registry.sqlite" }),
  databases: sqlite({ folder: data, entities: [Note] }),
  provisioning: provisioning(),
});
`;

/** No types can be taken off decorators, and no Node finds ./note without its extension. */
const note = `
import { Entity, PrimaryKey, Property } from "@mikro-orm/decorators/legacy";
@Entity()
export class Note {
  readonly shouted = "Hello!: you";
  @PrimaryKey({ type: "integer" })
  id!: number;
  @Property({ type: "text" })
  text!: string;
}
export enum Colour {
  Red = "red",
}
`;

/** The same as a compiler leaves it. */
const builtNote = `
import { Entity, PrimaryKey, Property } from "@mikro-orm/decorators/legacy";
export class Note {}
PrimaryKey({ type: "integer" })(Note.prototype, "id");
Property({ type: "text" })(Note.prototype, "text");
Entity()(Note);
`;
