import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { config, makeApplication } from "./support/application.ts";
import { builtCommand } from "./support/installed.ts";
import { applicationHere, runHere } from "./support/run-here.ts";
import { runProcess } from "./support/run-process.ts";

/** A second is short where the machine is busy. */
const patient = Object.freeze({ AF_TENANCY_COMPLETION_MS: "60000" });

it("S066: slugs are proposed wherever a tenant is named, and nowhere else", async () => {
  const folder = await applicationHere({ "other.config.ts": config() });
  const named = ["--config", "other.config.ts"];
  for (const slug of ["acme", "acme-2", "globex"]) {
    await runHere(["tenant", "create", slug, ...named], folder);
  }
  const proposed = async (...words: string[]) => {
    const [command = "", ...rest] = words;
    const argv = ["complete", "--", ...command.split(" "), ...rest];
    const { stdout } = await runHere(argv, folder, patient);
    return stdout.split("\n").flatMap((line) => line.match(/^[a-z][^\t]*/) ?? []);
  };

  for (const [words, slugs] of [
    [
      ["tenant delete", ...named, "ac"],
      ["acme", "acme-2"],
    ],
    [["tenant purge", ...named, "acme", "g"], ["globex"]],
    [
      ["migrate up", ...named, "--tenants", "globex,acme"],
      ["globex,acme", "globex,acme-2"],
    ],
    [
      ["migrate up", ...named, "--canary", "acme,"],
      ["acme,acme", "acme,acme-2", "acme,globex"],
    ],
  ] as const) {
    expect(await proposed(...words)).toEqual(slugs);
  }
  for (const words of [
    ["tenant domain add", ...named, "acme", "g"],
    ["tenant rename", ...named, "acme", "g"],
    ["tenant create", ...named, "a"],
    ["tenant delete", "ac"], // there is no other configuration
  ]) {
    expect(await proposed(...words), words.join(" ")).toEqual([]);
  }
});

it("S066: bash fills in what was begun, of an application that prints, and only where a tenant stands", async () => {
  const loud = 'console.log("printed"); console.error("printed, too");';
  const folder = await makeApplication({ "tenancy.config.ts": config("", loud) });
  for (const slug of ["acme", "globex"]) await runHere(["tenant", "create", slug], folder);
  const command = `'${process.execPath}' '${await builtCommand()}'`;
  const { stdout } = await runProcess(["completion", "bash", "--executable", command], { folder });
  const asking = (words: string) => `
COMP_WORDS=(af-tenancy ${words})
__af_tenancy_complete; echo "\${COMPREPLY[@]}"`;
  const script = [
    bashCompletion,
    stdout,
    ...["tenant domain add glo", "tenant domain add acme glo"].map(asking),
  ].join("\n");

  const environment = { cwd: folder, env: { ...process.env, ...patient } };
  const bash = await promisify(execFile)("bash", ["-c", script], environment);

  expect(bash).toEqual({ stdout: "globex\n\n", stderr: "" });
});

it("S066: an application that is not there in a second has no slugs, and nothing is said of it", async () => {
  const hanging = 'console.log("printed");\nawait new Promise((go) => setTimeout(go, 600_000));';
  const folder = await makeApplication({ "tenancy.config.ts": hanging });
  const failing = await applicationHere({ "tenancy.config.ts": 'throw new Error("no");' });

  const hung = await runProcess(["complete", "--", "tenant", "show", "a"], { folder });
  const failed = await runHere(["complete", "--", "tenant", "show", "a"], failing);

  for (const one of [hung, failed]) expect(one).toEqual({ code: 0, stdout: ":4\n", stderr: "" });
});

/** What a shell has while it completes, as the package bash-completion gives it. */
const bashCompletion = `
_get_comp_words_by_ref() { words=("\${COMP_WORDS[@]}"); cur=\${words[-1]}; }
compopt() { :; }
`;
