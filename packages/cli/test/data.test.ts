import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { config, makeApplication } from "./support/application.ts";
import { builtCommand } from "./support/installed.ts";
import { ask, fileOf } from "./support/migrated.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";
import { runProcess, startProcess } from "./support/run-process.ts";

const patient = 120_000;

it(
  "S061 S067: rows go in from stdin and out to stdout, with nothing of the application between them",
  async () => {
    const loud = config("", `console.log("the application prints");`);
    const folder = await makeApplication({ "tenancy.config.ts": loud });
    await runHere(["tenant", "create", "acme"], folder);

    const read = await runProcess(["tenant", "import", "acme", "--json"], { folder, input: lines });
    const written = await runProcess(["tenant", "export", "acme"], { folder });
    const both = await runHere(["tenant", "export", "acme", "--json"], folder);

    expect(outputs.import.parse(JSON.parse(read.stdout))).toMatchObject({
      dryRun: false,
      rows: { Note: { inserted: 2, invalid: 0 } },
      bytes: lines.length,
    });
    expect(written).toMatchObject({ code: 0, stdout: lines });
    expect(written.stderr).toContain("the application prints");
    expect([both.code, both.stdout]).toEqual([2, ""]);
  },
  patient,
);

it(
  "S061 S067: an export fills whole files that only their owner reads, or none, and overwrites nothing unasked",
  async () => {
    const folder = await withRows();
    const tell = (argv: string) => jsonHere(argv.split(" "), folder);
    const files = () => readdirSync(folder).filter((name) => /rows|part/.test(name));

    const rehearsed = await tell("tenant export acme --to rows.csv --dry-run");
    const nothing = files();
    const unknown = await tell("tenant export acme --to rows.csv --entity Nobody");
    const done = await tell("tenant export acme --to rows.csv --entity Note --reason audit");
    const taken = await tell("tenant export acme --to rows.csv");
    const takenRehearsed = await tell("tenant export acme --to rows.csv --dry-run");
    const again = await tell("tenant export acme --to rows.csv --overwrite --live");
    const nowhere = await tell("tenant export acme --to none/rows.csv");
    const nowhereRehearsed = await tell("tenant export acme --to none/rows.csv --dry-run");
    const each = await tell("tenant export acme --to data --format csv");

    expect(outputs.export.parse(rehearsed)).toMatchObject({
      ...{ dryRun: true, files: [], rows: { Note: 2 } },
    });
    expect([nothing, files()]).toEqual([[], ["rows.csv"]]);
    expect(unknown).toMatchObject({ code: 2, error: { error: { code: "INVALID_INPUT" } } });
    expect(outputs.export.parse(done)).toMatchObject({ files: [join(folder, "rows.csv")] });
    expect(readFileSync(join(folder, "rows.csv"), "utf8")).toBe(
      `id,text\r\n1,Hello\r\n2,"says ""hi"""\r\n`,
    );
    expect(statSync(join(folder, "rows.csv")).mode & 0o077).toBe(0);
    for (const refused of [taken, takenRehearsed, nowhere, nowhereRehearsed]) {
      expect(refused).toMatchObject({ code: 2, error: { error: { code: "USAGE" } } });
    }
    expect(again).toMatchObject({ rows: { Note: 2 } });
    expect(each).toMatchObject({ files: [join(folder, "data/Note.csv")] });
  },
  patient,
);

it(
  "F065: an export that does not fit leaves no file and says so",
  async () => {
    const folder = await applicationHere({ "tenancy.config.ts": config() });
    const text = "x".repeat(1 << 15);
    const rows = Array.from({ length: 100 }, (_, id) => ({ entity: "Note", row: { id, text } }));
    writeFileSync(join(folder, "large.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
    await runHere(["tenant", "create", "acme"], folder);
    await runHere(["tenant", "import", "acme", "--from", "large.jsonl"], folder);
    const exporting = ["tenant", "export", "acme", "--to", "rows.jsonl", "--json"];

    // No file that is written may have more than 2 MiB.
    const limited = [
      "-c",
      'ulimit -f 2048; exec "$@"',
      "-",
      process.execPath,
      await builtCommand(),
    ];
    const failed = await promisify(execFile)("bash", [...limited, ...exporting], {
      cwd: folder,
    }).catch((error: { readonly code: number; readonly stderr: string }) => error);

    expect(failed).toMatchObject({ code: 1 });
    expect(JSON.parse(failed.stderr)).toMatchObject({
      error: { code: "FILE_NOT_WRITTEN", causes: [expect.stringContaining("EFBIG")] },
    });
    expect(readdirSync(folder).filter((name) => name.startsWith("rows"))).toEqual([]);
  },
  patient,
);

it(
  "S061 S066: an import tells each row that cannot be, and imports all, some or nothing, as was said",
  async () => {
    const folder = await withRows();
    const tell = (argv: string) => jsonHere(argv.split(" "), folder);
    const notes = async () =>
      (await tell("tenant export acme --dry-run")) as { rows: { Note: number } };
    writeFileSync(join(folder, "new.csv"), "id,text\n3,third\nx,fourth\n1,mine\n5,fifth\n");
    const importing = "tenant import acme --from new.csv --entity Note";

    const rehearsed = await tell(`${importing} --dry-run`);
    const stopped = await tell(importing);
    const before = await notes();
    const skipped = await tell(`${importing} --skip-invalid --report bad.jsonl`);
    const reported = await tell(`${importing} --skip-invalid --report bad.jsonl`);
    const updated = await runHere(
      [...importing.split(" "), "--on-conflict", "update", "--skip-invalid", "--in-batches"],
      folder,
    );
    writeFileSync(join(folder, "invalid.csv"), "id,text\nx,fourth\n");
    const nothing = "tenant import acme --from invalid.csv --entity Note --skip-invalid";
    const none = await runHere(nothing.split(" "), folder);
    const noneInGerman = await runHere([...nothing.split(" "), "--lang", "de"], folder);
    writeFileSync(join(folder, "empty.csv"), "id,text\n");
    const empty = await runHere(nothing.replace("invalid.csv", "empty.csv").split(" "), folder);
    const wrong = [
      await tell("tenant import acme --from new.csv"),
      await tell("tenant import acme --from absent.csv --entity Note"),
      await tell("tenant import acme --from new.csv --entity Nobody"),
      await tell("tenant import acme --from . --entity Note"),
    ];
    writeFileSync(join(folder, "broken.csv"), "id,text\n9,ninth\n10,caf\u00e9", "latin1");
    const broken = await tell("tenant import acme --from broken.csv --entity Note --in-batches");

    const invalid = [
      { line: 3, entity: "Note", column: "id", code: "INVALID_VALUE" },
      { line: 4, entity: "Note", code: "DUPLICATE" },
    ];
    expect(outputs.import.parse(rehearsed)).toMatchObject({
      ...{ dryRun: true, invalid: 2, issues: invalid, rows: { Note: { inserted: 2, invalid: 2 } } },
    });
    expect(stopped).toMatchObject({ code: 1, error: { error: { code: "INVALID_ROW" } } });
    expect(before.rows.Note).toBe(2);
    expect(outputs.import.parse(skipped)).toMatchObject({ dryRun: false, invalid: 2 });
    expect(
      readFileSync(join(folder, "bad.jsonl"), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject(invalid);
    expect(reported).toMatchObject({ code: 2 });
    expect(updated.code).toBe(3);
    expect(updated.stdout).toContain("line 3 (Note.id): INVALID_VALUE");
    expect(updated.stdout).toContain("3 updated");
    expect([none.code, none.stdout]).toEqual([1, expect.stringContaining("1 invalid")]);
    expect(none.stdout).toContain("Nothing was imported: none of the rows can be.");
    expect(none.stdout).not.toContain("The rows are with");
    expect(noneInGerman.stdout).toContain("Nichts wurde eingelesen: keine der Zeilen kann sein.");
    expect(empty).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Nothing was imported: there are no rows."),
    });
    expect(wrong).toMatchObject([{ code: 2 }, { code: 2 }, { code: 2 }, { code: 2 }]);
    expect(broken).toMatchObject({ code: 1, error: { error: { code: "DATA_FORMAT" } } });
    expect((await notes()).rows.Note).toBe(4);
    expect(existsSync(join(folder, "absent.csv"))).toBe(false);
  },
  patient,
);

it(
  "F140: an export that is stopped amid its rows leaves no file, says so, and begins anew with the same call",
  async () => {
    const folder = await withRows();
    ask(await fileOf(folder, "acme"), manyNotes);
    const parts = () => readdirSync(folder).filter((name) => name.startsWith("rows.jsonl"));
    const stop = new AbortController();
    const argv = ["tenant", "export", "acme", "--to", "rows.jsonl"];

    const running = runHere(argv, folder, {}, stop.signal);
    const begun = () => parts().some((name) => statSync(join(folder, name)).size > 0);
    while (!begun()) await turnOfTheLoop();
    stop.abort();
    const { code, stderr } = await running;
    const left = parts();
    const again = await jsonHere(argv, folder);

    expect([code, left]).toEqual([130, []]);
    expect(stderr).toContain("there is no file of it");
    expect(again).toMatchObject({ rows: { Note: 50_002 } });
  },
  patient,
);

it("F140: the built command leaves none also where the export does not heed Ctrl-C", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": deaf });
  await runHere(["tenant", "create", "acme"], folder);
  mkdirSync(join(folder, "out"));

  const { child, ended } = await startProcess(["tenant", "export", "acme", "--to", "out"], {
    folder,
  });
  await expect.poll(() => readdirSync(join(folder, "out")), { timeout: 30_000 }).toHaveLength(1);
  child.kill("SIGINT");

  expect(await ended).toMatchObject({
    code: 130,
    stdout: "",
    stderr: expect.stringContaining("there is no file of it"),
  });
  expect(readdirSync(join(folder, "out"))).toEqual([]);
});

it("S061: an application whose databases export nothing is refused", async () => {
  const folder = await applicationHere({
    "tenancy.config.ts": `
import { memoryDatabases, memoryRegistry } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
const registry = memoryRegistry();
export default () => ({ registry, databases: memoryDatabases(), provisioning: provisioning() });
`,
    "script.mjs": "export default () => undefined;",
  });

  expect(await runHere(["tenant", "export", "acme"], folder)).toMatchObject({ code: 2 });
});

const lines = `{"entity":"Note","row":{"id":1,"text":"Hello"}}
{"entity":"Note","row":{"id":2,"text":"says \\"hi\\""}}
`;

const manyNotes = `
with recursive numbers(n) as (select 3 union all select n + 1 from numbers where n < 50002)
insert into note (id, text) select n, printf('%0100d', n) from numbers returning 1
`;

/** Its export begins another file when it is stopped, and never comes to an end. */
const deaf = config(
  "",
  `
async function endless({ to, signal }) {
  to("Note").write("half");
  signal.addEventListener("abort", () => setTimeout(() => { try { to("Late"); } catch {} }, 50));
  await new Promise(() => setInterval(() => {}, 1000));
}`,
).replace(
  "databases,\n",
  `databases: new Proxy(databases, {
    get(target, name) {
      if (name === "data") return { export: endless };
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  }),
`,
);

/** An application with a tenant that has two notes. */
async function withRows(): Promise<string> {
  const folder = await applicationHere({ "tenancy.config.ts": config(), "lines.jsonl": lines });
  await runHere(["tenant", "create", "acme"], folder);
  await runHere(["tenant", "import", "acme", "--from", "lines.jsonl"], folder);
  return folder;
}
