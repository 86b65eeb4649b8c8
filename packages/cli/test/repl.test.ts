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
