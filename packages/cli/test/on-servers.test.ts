import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { makeApplication } from "./support/application.ts";
import {
  type DatabaseServer,
  mariadbServer,
  postgresqlServer,
} from "./support/database-servers.ts";
import { jsonHere, runHere } from "./support/run-here.ts";
import { runProcess } from "./support/run-process.ts";

/** Milliseconds where the machine is busy. */
const patient = 120_000;

const servers = [
  { name: "PostgreSQL", make: postgresqlServer },
  { name: "MariaDB", make: mariadbServer },
] as const;

describe.each(servers)("on $name the built command", ({ make }) => {
  const server = make();
  let folder: string;
  let removeFolder = () => undefined as void;

  /** Runs it as a process, with `--json`, where new tenants are kept apart in one way or the other. */
  const built = async (argv: string, strategies = "row,database") => {
    const environment = { STRATEGIES: strategies };
    const { code, stdout, stderr } = await runProcess([...argv.split(" "), "--json"], {
      ...{ folder, environment },
    });
    expect(stdout, stderr).not.toBe("");
    return { code, told: JSON.parse(stdout) };
  };

  beforeAll(async () => {
    await server.prepare();
    folder = await makeApplication({ "tenancy.config.ts": config(server) }, undefined, (remove) => {
      removeFolder = remove;
    });
    await runHere(["tenant", "create", "acme", "--strategy", "row"], folder);
    await runHere(["tenant", "create", "globex", "--strategy", "database"], folder);
  }, patient);

  afterAll(async () => {
    const purge = ["tenant", "purge", "acme", "globex", "--skip-grace"];
    const { stdout } = await runHere([...purge, "--dry-run", "--quiet"], folder);
    await runHere([...purge, "--yes", "--plan", stdout.trim()], folder);
    await server.clean();
    removeFolder();
  });

  it(
    "finds tenants in shared tables and in a database of their own well and apart, and leaves nobody behind",
    async () => {
      const [rows, databases] = await Promise.all([
        built("test isolation", "row,database"),
        built("test isolation", "database,row"),
      ]);
      const health = await jsonHere(["health", "--min-free", "0"], folder);

      expect(outputs.health.parse(health)).toMatchObject({ status: "healthy", tenants: 2 });
      for (const { code, told } of [rows, databases]) {
        expect(outputs.isolation.parse(told)).toMatchObject({
          surfaces: [
            { surface: "database", state: "isolated" },
            { surface: "cache", state: "absent" },
          ],
        });
        expect(code).toBe(0);
      }
    },
    patient,
  );

  it(
    "finds a database that was dropped, and nothing wrong with tenants in shared tables",
    async () => {
      const { tenant } = (await jsonHere(["tenant", "show", "globex"], folder)) as Shown;
      await server.admin(`drop database ${tenant.placement.name}`);

      const doctor = await built("doctor");
      const health = (await jsonHere(["health", "--min-free", "0"], folder)) as Health;

      expect(outputs.doctor.parse(doctor.told)).toBeDefined();
      expect(doctor).toMatchObject({
        code: 1,
        told: {
          tenants: 2,
          findings: [
            {
              check: "doctor/missing-database",
              subject: expect.stringContaining(tenant.placement.name),
            },
          ],
        },
      });
      expect(health.status).toBe("unhealthy");
      expect(health.checks).toContainEqual(
        expect.objectContaining({
          ...{ check: "databases", subject: `${server.driver} default`, status: "unhealthy" },
          message: expect.stringContaining("Out of order: 1 of 2"),
          actions: ["af-tenancy doctor --tenants globex"],
        }),
      );
    },
    patient,
  );
});

it(
  "finds tenants in the shared tables of one file well and apart",
  async () => {
    const rows = config({
      ...{ driver: "sqlite", orm: "@mikro-orm/sqlite" },
      options: 'folder: import.meta.dirname + "/data"',
    });
    const folder = await makeApplication({ "tenancy.config.ts": rows });
    const environment = { STRATEGIES: "row" };
    await runHere(["tenant", "create", "acme"], folder);

    const ended = await Promise.all(
      ["health --min-free 0 -q", "test isolation -q", "doctor -q"].map((argv) =>
        runProcess(argv.split(" "), { folder, environment }),
      ),
    );

    expect(ended.map(({ code, stdout }) => [code, stdout])).toEqual([
      [0, "healthy\n"],
      [0, "database isolated\ncache absent\n"],
      [0, ""],
    ]);
  },
  patient,
);

interface Health {
  readonly status: string;
  readonly checks: readonly object[];
}

interface Shown {
  readonly tenant: { readonly placement: { readonly name: string } };
}

function config(
  server: Pick<DatabaseServer, "orm" | "options"> & { readonly driver: string },
): string {
  const { driver, orm, options } = server;
  return `
import { defineTenancy } from "@af-tenancy/core";
import { ${driver} } from "@af-tenancy/${driver}";
import { provisioning } from "@af-tenancy/provisioning";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "${orm}";
const Note = defineEntity({ name: "Note", properties: { id: p.integer().primary(), text: p.string() } });
const strategies = (process.env.STRATEGIES ?? "row,database").split(",");
export default () =>
  defineTenancy({
    registry: sqliteRegistry({ file: import.meta.dirname + "/data/registry.sqlite" }),
    databases: ${driver}({ ${options}, entities: [Note], strategies }),
    provisioning: provisioning(),
  });
`;
}
