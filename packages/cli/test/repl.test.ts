import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { config, makeApplication } from "./support/application.ts";
import { runHere } from "./support/run-here.ts";
import { runInTerminal, runProcess } from "./support/run-process.ts";

const patient = 120_000;

it(
  "S061 S066: a conversation is in its tenant, line by line and behind await, and in none after it",
  async () => {
    const ending = `process.on("exit", () => globalThis.seen && console.log("ended in " + globalThis.seen.current()));`;
    const folder = await makeApplication({ "tenancy.config.ts": config("", ending) });
    for (const slug of ["acme", "globex"]) await runHere(["tenant", "create", slug], folder);

    const typed = await runInTerminal(["tenant", "repl", "acme", "--history", "said"], { folder }, [
      [/acme> /, "globalThis.seen = tenancy; tenancy.current().slug + '!'\r"],
      [
        /acme!/,
        "em.create('Note', { id: 7, text: 'typed' }) && (await em.flush(), 'flu' + 'shed')\r",
      ],
      [/flushed/, ".exit\r"],
    ]);
    const before = readdirSync(folder);
    const piped = await runProcess(["tenant", "repl", "globex"], {
      ...{ folder, environment: { APP_PASSWORD: "correct-horse", HOME: folder } },
      input: `await em.count("Note")\nawait new Promise((done) => setTimeout(() => done(tenancy.current().slug), 5))\n"correct-" + "horse"\n`,
    });

    expect(typed.code).toBe(0);
    expect(typed.screen).toContain("ended in null");
    expect(readFileSync(join(folder, "said"), "utf8")).toContain("tenancy.current().slug");
    expect(statSync(join(folder, "said")).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).toEqual(before);
    expect(piped).toMatchObject({ code: 0 });
    expect(piped.stdout).toContain("globex> 0\n");
    expect(piped.stdout).toContain("'globex'");
    expect(piped.stdout).toContain("'***'");
    const kept = await runProcess(["tenant", "repl", "acme"], {
      folder,
      input: `await em.count("Note")`,
    });
    expect(kept.stdout).toContain("1");
  },
  patient,
);

it(
  "S061: lines from a pipe run one after the other, each after what the one before it awaits, and end with 1 where one throws",
  async () => {
    const folder = await makeApplication({ "tenancy.config.ts": config() });
    await runHere(["tenant", "create", "acme"], folder);
    const run = (...lines: readonly string[]) =>
      runProcess(["tenant", "repl", "acme"], { folder, input: `${lines.join("\n")}\n` });

    const [slow, thrown, rejected, cut, left] = await Promise.all([
      run(
        'await new Promise((done) => setTimeout(done, 300)); globalThis.z = 1; "first"',
        "globalThis.z",
        "",
        "function twice(n) {",
        "  return 2 * n;",
        "}",
        'twice(21) + ""',
      ),
      run("throw new Error('no such luck')", "'aft' + 'er'"),
      run("await Promise.reject(new Error('no such luck'))", "'aft' + 'er'"),
      run("'be' + 'fore'", "function half() {"),
      run("1 + 1", ".exit", "40 + 2"),
    ]);

    expect(slow).toMatchObject({
      code: 0,
      stdout: "acme> 'first'\nacme> 1\nacme> acme> | | undefined\nacme> '42'\nacme> ",
    });
    for (const failed of [thrown, rejected]) {
      expect(failed.code).toBe(1);
      expect(failed.stdout).toMatch(/Uncaught Error: no such luck[\s\S]*'after'/);
    }
    expect(cut).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/'before'[\s\S]*SyntaxError/),
    });
    expect(left.code).toBe(0);
    expect(left.stdout).not.toContain("42");
  },
  patient,
);
