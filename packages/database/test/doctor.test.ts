import type { Placement, TenantDatabase } from "@af-tenancy/core";
import {
  type DoctorCheck,
  databaseChecks,
  type Examination,
  examine,
  type Finding,
  mikroOrmDatabases,
  tenantDatabases,
  unreachableFinding,
} from "@af-tenancy/database";
import { tenantRecord } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/core";
import { expect, it } from "vitest";
import { consult } from "../src/doctor/consult.ts";
import { memoryDriver } from "./memory-driver.ts";

const check = (
  id: string,
  look: DoctorCheck<string>["look"],
  severity: Finding["severity"] = "error",
): DoctorCheck<string> => ({ id, severity, remedy: `Mend ${id}.`, look });

it("gives what each check sees, with the check's remedy", async () => {
  const findings = await examine("server", [
    check("x/well", () => []),
    check("x/ill", (server) => [{ subject: server, message: "It is ill." }], "warning"),
  ]);

  expect(findings).toEqual([
    {
      check: "x/ill",
      severity: "warning",
      subject: "server",
      message: "It is ill.",
      remedy: "Mend x/ill.",
    },
  ]);
});

it("takes a check that fails for no health, and makes the others", async () => {
  const findings = await examine("server", [
    check("x/broken", () => {
      throw new RangeError("no right to look", { cause: new RangeError("42501") });
    }),
    check("x/ill", (subject) => [{ subject, message: "It is ill." }]),
  ]);

  expect(findings.map(({ check: id, subject, message }) => [id, subject, message])).toEqual([
    ["doctor/unexamined", "x/broken", "no right to look Cause: 42501"],
    ["x/ill", "server", "It is ill."],
  ]);
});

it("gives a driver the databases of its own tenants, and errors before warnings", async () => {
  const seen: Examination[] = [];
  const db = mikroOrmDatabases(
    {
      ...memoryDriver(),
      doctor: async (examination) => {
        seen.push(examination);
        return [unreachable("warning"), unreachable("error")];
      },
    },
    { entities: [entity()] },
  );
  const acme = tenant("acme", db.place("acme", 1));
  const strange = tenant("globex", { ...db.place("globex", 1), driver: "other" });

  const findings = await db.doctor({ tenants: [acme, strange], processes: 3 });

  expect(findings.map(({ severity }) => severity)).toEqual(["error", "warning"]);
  expect(seen).toEqual([
    {
      databases: [{ tenantId: "acme", placement: acme.placement }],
      finished: [{ tenantId: "acme", placement: acme.placement }],
      processes: 3,
      sharedTables: undefined,
      maxBackendMemory: 256 * 1024 * 1024,
    },
  ]);
});

it.each<[string, unknown, string]>([
  ["a tenant's id", "acme", "a text"],
  ["an empty text", "", "a text"],
  ["nothing", null, "null"],
  ["a tenant by itself", tenantRecord({ id: "acme", slug: "acme" }), "an object"],
  ["ids", ["acme"], "a list with a text"],
  ["what has no id", [{ slug: "acme" }], "a list with an object"],
  ["what has a name for a placement", [{ id: "acme", placement: "acme" }], "a list with"],
])("finds no health in %s instead of tenants, whatever the fleet", async (_, tenants, found) => {
  const db = mikroOrmDatabases(memoryDriver(), { entities: [entity()] });
  const fleets = [db, tenantDatabases([db])];

  for (const fleet of fleets) {
    const asked = fleet.doctor({ tenants: tenants as never });

    await expect(asked).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(asked).rejects.toThrow(`"tenants" cannot be "${found}`);
  }
});

it("S027: looks for missing tables on each server, and only in databases that are there", async () => {
  const lost = tenant("lost", place("lost", "one"));
  const asked: string[] = [];
  const migrations = {
    async ownTablesIn({ tenantId, placement }: TenantDatabase) {
      asked.push(tenantId);
      if (placement.server === "down") throw new RangeError("it is down");
      return { missing: tenantId === "acme" ? ["cache"] : [] };
    },
  };
  const driver = {
    ...memoryDriver(),
    doctor: async ({ finished }: Examination) =>
      examine({ finished, inspect: async ({ tenantId }: TenantDatabase) => stateOf(tenantId) }, [
        ...databaseChecks,
      ]),
  };
  const tenants = [
    tenant("globex", place("globex", "down")),
    ...[lost, tenant("acme", place("acme", "one")), tenant("initech", place("initech", "one"))],
  ];

  const findings = await consult(driver, { tenants }, { ...outside, migrations });

  expect(asked).toEqual(["globex", "acme", "initech"]);
  expect(findings.map(({ check: id, subject, message }) => [id, subject, message])).toEqual([
    ["doctor/missing-database", 'database "t_lost_g1"', expect.stringContaining('"lost"')],
    ["doctor/unexamined", "doctor/missing-table", "it is down"],
    ["doctor/missing-table", 'database "t_acme_g1"', expect.stringContaining('no table "cache"')],
  ]);
});

it("asks every driver of a fleet, each for its own tenants", async () => {
  const databases = (driver: string) =>
    mikroOrmDatabases(
      {
        ...memoryDriver({ driver }),
        doctor: async (examination) =>
          examination.databases.map(({ tenantId }) => unreachableFinding(driver, tenantId)),
      },
      { entities: () => ({ Note: entity() }) },
    );
  const db = tenantDatabases([databases("one"), databases("two")]);
  async function* tenants() {
    yield tenant("acme", db.place("acme", 1, { driver: "two" }));
    yield tenant("globex", db.place("globex", 1, { driver: "one" }));
  }

  const findings = await db.doctor({ tenants: tenants() });

  expect(findings.map(({ subject, message }) => [subject, message])).toEqual([
    ["one", "globex"],
    ["two", "acme"],
  ]);
});

it("finds nothing with a driver that has no doctor", async () => {
  const db = mikroOrmDatabases(memoryDriver(), { entities: [entity()] });

  await expect(db.doctor({ tenants: [] })).resolves.toEqual([]);
});

it.each([0, 1.5, Number.NaN])("refuses %s processes", async (processes) => {
  const db = mikroOrmDatabases(memoryDriver(), { entities: [entity()] });

  const asked = db.doctor({ tenants: [], processes });

  await expect(asked).rejects.toMatchObject({ code: "INVALID_CONFIGURATION", key: "processes" });
});

it("says that it needs a tenancy or the tenants", async () => {
  const asked = mikroOrmDatabases(memoryDriver(), { entities: [entity()] }).doctor();

  await expect(asked).rejects.toMatchObject({ code: "INVALID_CONFIGURATION", key: "databases" });
});

const entity = () => defineEntity({ name: "Note", properties: { id: p.integer().primary() } });

const outside = { host: undefined, sharedTables: undefined };

const place = (id: string, server: string): Placement => ({
  ...memoryDriver().place(id, 1),
  server,
});

const stateOf = (tenantId: string) =>
  tenantId === "lost" ? undefined : { owner: { tenantId, generation: 1 }, bytes: 1 };

const unreachable = (severity: Finding["severity"]): Finding => ({
  ...unreachableFinding("server", "down"),
  severity,
});

const tenant = (id: string, placement: Placement) => ({
  ...tenantRecord({ id, slug: id }),
  placement,
});
