import { channel } from "node:diagnostics_channel";
import { expect, it } from "vitest";
import { watchTenant } from "../src/debug/watch-tenant.ts";
import { english } from "../src/messages/english.ts";
import { outputs } from "../src/outputs/outputs.ts";
import { config, makeApplication } from "./support/application.ts";
import { jsonHere, runHere } from "./support/run-here.ts";
import { runInTerminal, runProcess } from "./support/run-process.ts";

interface Step {
  readonly at: number;
  readonly kind: string;
  readonly name: string;
  readonly milliseconds: number | null;
  readonly heapBytes: number;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const mailer = `
import { setTimeout as sleep } from "node:timers/promises";
import { valueKey } from "@af-tenancy/core";
export const MAILER = valueKey("mailer");
export const db = {};
export const note = () => Note;
const mailer = {
  name: "mailer",
  async bootstrap(scope) {
    await sleep(30);
    if (scope.tenant.slug === "globex") {
      throw new Error("no mail", { cause: new Error("postgres://jo:hunter2@mail is down, " + process.env.MAIL_PASSWORD) });
    }
    scope.provide(MAILER, () => ({ password: "pass-of-the-mailer" }));
  },
};
`;

const script = `
import { MAILER, db, note } from "./tenancy.config.ts";
export default async ({ tenant, tenancy }) => {
  tenancy.get(MAILER);
  await db.current.em().transactional((em) => em.insert(note(), { text: "a row of acme" }));
  await db.current.em().findAll(note());
  tenancy.report(new RangeError("told aside"));
  return "slug" in tenant;
};
`;

const files = {
  "tenancy.config.ts": config("", mailer)
    .replace(
      "provisioning: provisioning({  }),",
      "provisioning: provisioning(), bootstrappers: [mailer],",
    )
    .replace("const databases = sqlite(", "const databases = db.current = sqlite("),
  "script.mjs": script,
};

it("S068: --debug tells what happened for each tenant, in order, with time and memory, and no secret", async () => {
  const folder = await makeApplication(files);
  for (const slug of ["acme", "globex"]) await runHere(["tenant", "create", slug], folder);
  const run = ["tenant", "run", "script.mjs", "--skip-failing"];
  const environment = { MAIL_PASSWORD: "correct-horse" };

  const told = await runProcess([...run, "--processes", "2", "--debug", "--json"], {
    ...{ folder, environment },
  });
  const shown = await runInTerminal([...run, "--debug"], { folder, environment });
  const plain = await jsonHere(run, folder);

  expect([told.code, shown.code]).toEqual([3, 3]);
  const { tenants } = outputs.fleet.parse(JSON.parse(told.stdout)) as {
    readonly tenants: readonly { readonly tenant: string; readonly steps: readonly Step[] }[];
  };
  const stepsOf = (slug: string) => tenants.find(({ tenant }) => tenant === slug)?.steps ?? [];
  const pooled = new Set(["lease", "connection"]);
  const acme = stepsOf("acme").filter(({ kind }) => !pooled.has(kind));
  const queries = acme.filter(({ kind }) => kind === "query");
  expect(acme.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    ...["lifecycle initializing", "lifecycle bootstrapping"],
    ...[expect.stringMatching(/^bootstrapper /), "bootstrapper mailer"],
    ...["lifecycle bootstrapped", "lifecycle initialized", "value mailer"],
    ...[expect.stringMatching(/^value /), "query insert into `note` (`text`) …"],
    ...[expect.stringMatching(/^query select .* from `note`/), "failure "],
    ...["lifecycle ending", "lifecycle reverting", "lifecycle reverted", "lifecycle ended"],
  ]);
  const stepOf = (steps: readonly Step[], what: string) =>
    steps.find(({ kind, name }) => `${kind} ${name}` === what);
  expect(stepOf(acme, "bootstrapper mailer")?.milliseconds).toBeGreaterThan(25);
  expect(stepOf(acme, "value mailer")?.milliseconds).toBeLessThan(25);
  expect(queries).toMatchObject(Array(2).fill({ milliseconds: expect.any(Number), error: null }));
  expect(stepOf(acme, "failure ")?.error).toEqual({ code: "RangeError", message: "told aside" });
  const ats = acme.map(({ at }) => at);
  expect(ats).toEqual(ats.toSorted((a, b) => a - b));
  expect(acme.at(-1)?.heapBytes).not.toBe(0);
  const globex = stepsOf("globex");
  expect(stepOf(globex, "bootstrapper mailer")?.milliseconds).toBeNull();
  expect(stepOf(globex, "lifecycle initialized")).toBeUndefined();
  expect(globex.slice(-2)).toMatchObject([
    { kind: "error", name: "Error", error: { message: "no mail" } },
    { kind: "cause", name: "postgres://***@mail is down, ***" },
  ]);
  expect(shown.screen).toContain("│ bootstrapper mailer");
  expect(shown.screen).toContain("After ms");
  for (const text of [told.stdout, told.stderr, shown.screen]) {
    expect(text).not.toMatch(/hunter2|correct-horse|pass-of-the-mailer|a row of acme/);
  }
  expect(JSON.stringify(plain)).not.toContain("steps");
});

it("S068: of what a database says of a statement no value is told", () => {
  const watch = watchTenant("acme", english);
  const told = { tenantId: "acme", statement: "insert into note …", milliseconds: 1 };
  const words = [
    "Duplicate entry 'secret' for key 'note_text'",
    'invalid input syntax for type integer: "secret"',
    "Key (text)=(secret) already exists.",
    "value 4711 is out of range",
    "UNIQUE constraint failed: note.text",
  ];

  for (const message of words)
    channel("af-tenancy:query").publish({ ...told, error: new Error(message) });

  expect(watch.end().map(({ error }) => error?.message)).toEqual([
    "Duplicate entry …",
    "invalid input syntax for type integer: …",
    "Key …",
    "value …",
    "UNIQUE constraint failed: note.text",
  ]);
});
