import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commands } from "../src/command-table.ts";
import { outputs } from "../src/outputs/outputs.ts";
import { referencePages } from "./support/reference.ts";
import { runHere } from "./support/run-here.ts";

const folder = join(import.meta.dirname, "../../../docs/cli");

describe("the reference", () => {
  it.each([...referencePages()])(
    "S067: %s is what the commands themselves say",
    async (name, text) => {
      await expect(text).toMatchFileSnapshot(join(folder, name));
    },
  );

  it("has no other pages", () => {
    expect(readdirSync(folder).sort()).toEqual([...referencePages().keys()].sort());
  });
});

describe("every command", () => {
  it("has an example, a schema or no JSON at all, exit codes, and a dry run where it changes something", () => {
    const lacking = commands.filter(
      ({ path, examples, exits, kind, output, texts: { en, de } }) =>
        !examples.some((example) => example.startsWith(path)) ||
        !exits.includes(0) ||
        (output === undefined ? kind !== "reads" : outputs[output] === undefined) ||
        (kind !== "reads") !== (en.dryRun !== undefined && de.dryRun !== undefined),
    );

    expect(lacking.map(({ path }) => path)).toEqual([]);
  });

  it.each(commands.map(({ path }) => path))("S066: %s helps in both languages", async (path) => {
    const english = await runHere([...path.split(" "), "--help"], folder);
    const german = await runHere([...path.split(" "), "--help", "--lang", "de"], folder);

    expect(english).toMatchObject({ code: 0, stderr: "" });
    expect(english.stdout).toContain("EXAMPLES\n  af-tenancy");
    expect(german.stdout).toContain("BEISPIELE\n  af-tenancy");
    expect(german.stdout).not.toContain("undefined");
    expect(english.stdout).not.toContain("undefined");
  });
});
