import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeAll, describe, expect, it } from "vitest";
import { commands } from "../src/command-table.ts";
import { englishChecks } from "../src/doctor/english-checks.ts";
import { germanChecks } from "../src/doctor/german-checks.ts";
import { outputs } from "../src/outputs/outputs.ts";
import { config, makeApplication } from "./support/application.ts";
import { addMigration, fileOf, migratedFiles, second } from "./support/migrated.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";
import { runProcess } from "./support/run-process.ts";

/** Milliseconds where the machine is busy. */
const patient = 60_000;

it("lists every check that the page of the doctor has, in both languages, and no others", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/doctor.md"), "utf8");
  const documented = [...page.matchAll(/^\| `([a-z]+\/[a-z-]+)` \| (?:error|warning) /gm)];
  const ids = documented.map(([, id]) => String(id)).sort();

  expect(ids.length).toBeGreaterThan(30);
  expect(Object.keys(englishChecks).sort()).toEqual(ids);
  expect(Object.keys(germanChecks).sort()).toEqual(ids);
});

it("names no command in a remedy that there is not", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/doctor.md"), "utf8");
  const named = [...page.matchAll(/af-tenancy ([a-z]+(?: [a-z]+)*)/g)].map(([, words]) => words);

  expect(named.length).toBeGreaterThan(3);
  for (const words of named) {
    expect(
      commands.some(({ path }) => `${words} `.startsWith(`${path} `)),
      words,
    ).toBe(true);
  }
});

describe("a fleet in which much is wrong", () => {
  let folder: string;
  const ask = async (argv = "") => {
    const words = ["doctor", ...argv.split(" ").filter(Boolean)];
    return outputs.doctor.parse(await jsonHere(words, folder)) as Found;
  };

  beforeAll(async () => {
    let remove = () => undefined as void;
    folder = await applicationHere(undefined, (removing) => {
      remove = removing;
    });
    await runHere(["tenant", "test", "create", "4", "--slugs", "t-{n}"], folder);
    return remove;
  }, patient);

  it("finds nothing where all is well, tells how many it looked at, and ends with 0", async () => {
    const { code, stdout } = await runHere(["doctor", "--limit", "3"], folder);

    expect(code).toBe(0);
    expect(stdout).toContain("Nothing is wrong.");
    expect(stdout).toContain("looked at: 3.");
    expect(stdout).toContain("raise --limit");
  });

  it("finds databases without tenants, tenants without databases, garbage and what nobody finishes", async () => {
    const nameOf = inRegistry(folder, (registry) => {
      const rows = registry.prepare("select slug, id, placement_name as name from tenants").all();
      const of = (slug: string) => rows.find((row) => row.slug === slug) as Record<string, string>;
      const [acme, globex, initech, hooli] = ["t-1", "t-2", "t-3", "t-4"].map(of);
      registry.prepare("delete from physical_databases where name = ?").run(String(acme?.name));
      registry.prepare("delete from tenants where id = ?").run(String(globex?.id));
      registry.prepare("delete from tenants where id = ?").run(String(initech?.id));
      registry
        .prepare("update physical_databases set state = 'garbage' where name = ?")
        .run(String(initech?.name));
      registry
        .prepare(
          "update tenant_operations set state = 'failed', error = 'no disk', open_for = tenant_id where tenant_id = ?",
        )
        .run(String(hooli?.id));
      registry
        .prepare(
          "update tenant_operations set state = 'running', open_for = tenant_id, lease_until = ? where tenant_id = ?",
        )
        .run(Date.now() + 3_600_000, String(acme?.id)); // somebody is at it
      rmSync(join(folder, `data/${hooli?.name}.sqlite`));
      registry.exec(
        "insert into physical_databases values ('sqlite', 'default', 't_never', 'gone', 'database', 1, null, 'creating')",
      ); // never made, so there is nothing to find
      return (slug: string) => `database "${of(slug).name}"`;
    });
    chmodSync(join(folder, "data"), 0o777);

    const { findings } = await ask();

    expect(findings.map(({ check, severity, subject }) => [check, severity, subject])).toEqual([
      ["sqlite/open-to-others", "error", join(folder, "data")],
      ["doctor/missing-database", "error", nameOf("t-4")],
      ["fleet/unrecorded-database", "error", nameOf("t-1")],
      ["fleet/tenantless-database", "error", nameOf("t-2")],
      ["fleet/garbage-database", "warning", nameOf("t-3")],
      ["fleet/unfinished-operation", "warning", expect.stringContaining("create of")],
    ]);
    expect(findings.at(-1)?.message).toContain("no disk");
  });

  it("mends what can be taken back, tells it before, and exits with 1 while something is left", async () => {
    const [open, list] = ["sqlite/open-to-others", "fleet/unrecorded-database"];
    const others = ["doctor/missing-database", "fleet/tenantless-database"];
    const ignoring = `--ignore ${[...others, "fleet/garbage-database", "fleet/unfinished-operation"].join()}`;
    const states = ({ findings }: Found) => findings.map(({ check, fix }) => [check, fix?.state]);
    const isOpen = () => (statSync(join(folder, "data")).mode & 0o002) !== 0;

    const told = await ask(`--fix --dry-run ${ignoring}`);
    const wasOpen = isOpen();
    const left = await runHere(["doctor", "--quiet", ...ignoring.split(" ")], folder);
    const mended = await ask(`--fix ${ignoring}`);
    const after = await runHere(["doctor", ...ignoring.split(" ")], folder);
    const all = await runHere(["doctor", "--fix", "--quiet"], folder);

    expect(states(told)).toEqual([
      [open, "possible"],
      [list, "possible"],
    ]);
    expect([told.dryRun, wasOpen]).toEqual([true, true]);
    expect(told.findings[0]?.fix?.does).toBe(`chmod o-w '${join(folder, "data")}'`);
    expect([left.code, left.stdout.split("\n").length]).toEqual([1, 3]);
    expect(states(mended)).toEqual([
      [open, "done"],
      [list, "done"],
    ]);
    expect([isOpen(), after.code]).toEqual([false, 0]);
    expect([all.code, all.stdout]).toEqual([1, expect.stringContaining(others[0] ?? "")]);
  });

  it("never gives a tenant another one's database, and refuses checks that there are not", async () => {
    inRegistry(folder, (registry) =>
      registry.exec(
        "update physical_databases set tenant_id = 'somebody' where name = (select placement_name from tenants where slug = 't-1');" +
          "update physical_databases set state = 'garbage' where name = (select placement_name from tenants where slug = 't-4')",
      ),
    );

    const { findings } = await ask("--fix --tenants t-1,t-4");
    const mistyped = await runHere(["doctor", "--ignore", "doctor/missing"], folder);

    expect(findings.filter(({ check }) => check === "fleet/unrecorded-database")).toMatchObject([
      { message: expect.stringContaining('"somebody"'), fix: null },
      { message: expect.stringContaining("garbage"), fix: null }, // its file is not there
    ]);
    expect(mistyped).toMatchObject({ code: 2, stdout: "" });
  });

  it("tells what it could not look at, and never takes it for health", async () => {
    inRegistry(folder, (registry) =>
      registry.exec(
        "insert into physical_databases values ('oracle', 'default', 't_x', 'gone', 'database', 1, null, 'ready')",
      ),
    );

    const { findings } = await ask("--tenants t-1");

    expect(findings.filter(({ check }) => check === "fleet/unexamined")).toMatchObject([
      { subject: "fleet/tenantless-database", message: expect.stringContaining("oracle") },
      { subject: "fleet/garbage-database" },
    ]);
  });
});

it(
  "finds tenants that were cut off half-way and plans that left some behind, as health does, until they are mended",
  async () => {
    const folder = await applicationHere(migratedFiles());
    for (const slug of ["acme", "globex"]) await runHere(["tenant", "create", slug], folder);
    const ask = async (argv: string) => jsonHere(argv.split(" "), folder);
    const well = (await ask("health --min-free 0")) as Health;
    addMigration(folder, "Migration02_done", second.replace("alter table note", "alter table no"));
    await runHere(["migrate", "up", "--tenants", "globex"], folder);

    const behind = (await ask("doctor")) as Found;
    const warned = (await ask("health --min-free 0")) as Health;
    const acme = await fileOf(folder, "acme");
    write(acme, "insert into mikro_orm_migrations (name) values ('~Migration02_done')");
    const both = (await ask("doctor")) as Found;
    const alarmed = (await ask("health --min-free 0")) as Health;
    write(acme, "delete from mikro_orm_migrations where name like '~%'");
    addMigration(folder, "Migration02_done", second);
    await runProcess(["migrate", "up", "--tenants", "globex"], { folder });
    const after = (await ask("doctor")) as Found;

    const plan = {
      check: "fleet/unfinished-plan",
      severity: "warning",
      message: "Tenants that it left behind: 1 (globex).",
    };
    const dirty = {
      check: "fleet/dirty-schema",
      severity: "error",
      subject: 'tenant "acme"',
      message: expect.stringContaining("Migration02_done"),
    };
    const resume = expect.stringMatching(/^af-tenancy migrate resume \S+ --release$/);
    const resolve = "af-tenancy migrate resolve acme Migration02_done";
    const seen = ({ status, checks }: Health) => {
      const { actions } = checks.find(({ check }) => check === "migrations") ?? {};
      return [status, actions];
    };
    expect(behind.findings).toMatchObject([plan]);
    expect(both.findings).toMatchObject([dirty, plan]);
    expect(after.findings).toEqual([]);
    expect(seen(well)).toEqual(["healthy", []]);
    expect(seen(warned)).toEqual(["warning", [resume]]);
    expect(seen(alarmed)).toEqual(["unhealthy", [resolve, resume]]);
  },
  patient,
);

it("tells as one finding that the application does not start, from the built command", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": config() });
  writeFileSync(
    join(folder, "data/registry.sqlite"),
    "this is no database, whatever its name says",
  );

  const { code, stdout } = await runProcess(["doctor", "--json"], { folder });

  expect(code).toBe(1);
  expect(outputs.doctor.parse(JSON.parse(stdout))).toMatchObject({
    tenants: 0,
    findings: [{ check: "fleet/not-started", severity: "error", fix: null }],
  });
});

it("tells nothing of what was only so for a moment, while a tenant was made or deleted", async () => {
  const folder = await applicationHere({
    "tenancy.config.ts": config("", 'import { renameSync } from "node:fs";').replace(
      "return defineTenancy",
      `${afterwards}\n  return defineTenancy`,
    ),
  });
  await jsonHere(["tenant", "create", "acme"], folder);
  const file = await fileOf(folder, "acme");
  renameSync(file, join(folder, "away"));

  const once = outputs.doctor.parse(await jsonHere(["doctor"], folder));
  rmSync(file);
  const lasting = outputs.doctor.parse(await jsonHere(["doctor"], folder)) as Found;

  expect(once).toMatchObject({ tenants: 1, findings: [] });
  expect(lasting.findings.map(({ check }) => check)).toContain("doctor/missing-database");
}, 60_000);

/** The tenant's file comes back after the doctor has looked. */
const afterwards = `
  const doctor = databases.doctor.bind(databases);
  databases.doctor = async ({ tenants, ...options }) => {
    const found = await doctor({ tenants, ...options });
    try {
      renameSync(import.meta.dirname + "/away", data + "/" + tenants[0].placement.name + ".sqlite");
    } catch {}
    return found;
  };`;

interface Health {
  readonly status: string;
  readonly checks: readonly { readonly check: string; readonly actions: readonly string[] }[];
}

interface Found {
  readonly dryRun: boolean;
  readonly findings: readonly {
    readonly check: string;
    readonly severity: string;
    readonly subject: string;
    readonly message: string;
    readonly fix: { readonly does: string; readonly state: string } | null;
  }[];
}

function write(path: string, sql: string): void {
  const file = new DatabaseSync(path);
  file.exec(sql);
  file.close();
}

function inRegistry<R>(folder: string, work: (registry: DatabaseSync) => R): R {
  const registry = new DatabaseSync(join(folder, "data/registry.sqlite"));
  try {
    return work(registry);
  } finally {
    registry.close();
  }
}
