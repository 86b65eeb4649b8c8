import { describe, expect, it, onTestFinished } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { addMigration } from "./support/migrated.ts";
import { migration, purge } from "./support/migrations-on-postgresql.ts";
import { settings, withServer } from "./support/postgresql.ts";
import { applicationHere, jsonHere } from "./support/run-here.ts";

const patient = 120_000;

describe.skipIf(withServer !== "")(`migrate on PostgreSQL${withServer}`, () => {
  it(
    "S033 C117: tells the SQL beforehand, and what was cut off waits for resolve",
    async () => {
      const folder = await applicationHere({
        "tenancy.config.ts": config,
        "migrations/Migration01_notes.ts": migration("Migration01_notes", [
          "create table note (id int)",
        ]),
      });
      const tell = (argv: string) => jsonHere(argv.split(" "), folder);
      onTestFinished(() => purge(folder, "acme", "globex"));
      await tell("tenant create acme");
      await tell("tenant create globex");
      const statements = ["create index concurrently note_id on note (id)", "select 1 / 0"];
      const cutOff = migration(
        "Migration02_index",
        statements,
        "isTransactional() { return false; }",
      );
      addMigration(folder, "Migration02_index", cutOff);

      const rehearsed = await tell("migrate up --dry-run");
      const failed = await tell("migrate up --tenants acme");
      const looked = await tell("migrate status --tenants acme");
      const argv = "migrate resolve acme Migration02_index --as applied";
      const rehearsal = await tell(`${argv} --dry-run`);
      const resolved = await tell(argv);
      const twice = await tell(argv);
      const rehearsedTwice = await tell(`${argv} --dry-run`);
      const unsaid = await tell("migrate resolve acme Migration02_index");
      const resumed = await tell("migrate resume --release");

      expect(outputs.migration.parse(rehearsed)).toMatchObject({
        sql: [{ migrations: ["Migration02_index"], statements, tenants: { length: 2 } }],
      });
      expect(failed).toMatchObject({
        verdict: "failed",
        migrations: [{ name: "Migration02_index", failed: 1 }],
        tenants: [{ state: "quarantined", error: { sql: "select 1 / 0" } }],
      });
      expect(outputs.schemas.parse(looked)).toMatchObject({
        tenants: [{ applied: [{}], dirty: "Migration02_index" }],
      });
      for (const one of [rehearsal, resolved]) {
        expect(outputs.change.parse(one)).toMatchObject({
          changes: [{ tenant: "acme", what: "Migration02_index", from: "dirty", to: "applied" }],
        });
      }
      for (const refused of [twice, rehearsedTwice, unsaid])
        expect(refused).toMatchObject({ code: 2 });
      expect(resumed).toMatchObject({ verdict: "done", tenants: [{ state: "done" }] });
    },
    patient,
  );

  it(
    "C119: another configuration's connection serves one run as the pattern, and nothing of it stays",
    async () => {
      const folder = await applicationHere({
        "tenancy.config.ts": config.replace("connection: {", "connection: { queryTimeout: 200, "),
        "patient.config.ts": config.replace("connection: {", "connection: { queryTimeout: 60000, "),
        "migrations/Migration01_notes.ts": migration("Migration01_notes", [
          "create table note (id int)",
        ]),
      });
      const addSlow = (name: string) =>
        addMigration(folder, name, migration(name, ["select pg_sleep(1)"]));
      const tell = (argv: string) => jsonHere(argv.split(" "), folder);
      onTestFinished(() => purge(folder, "acme"));
      // Patiently, as to make a database may take a busy server longer than a query may.
      await tell("tenant create acme --config patient.config.ts");
      const before = await tell("tenant show acme");
      addSlow("Migration02_slow");

      const short = await tell("migrate up");
      const long = await tell("migrate up --config patient.config.ts");
      const after = await tell("tenant show acme");
      addSlow("Migration03_slow");
      const shortAgain = await tell("migrate up");

      const timedOut = { verdict: "failed", tenants: [{ error: { code: "QUERY_TIMEOUT" } }] };
      expect(short).toMatchObject(timedOut);
      expect(long).toMatchObject({ verdict: "done", tenants: [{ state: "done" }] });
      expect(placementOf(after)).toEqual(placementOf(before));
      expect(shortAgain).toMatchObject(timedOut);
    },
    patient,
  );
});

function placementOf(shown: unknown): unknown {
  return (shown as { readonly tenant: { readonly placement: object } }).tenant.placement;
}

const config = `
import { defineTenancy } from "@af-tenancy/core";
import { postgresql } from "@af-tenancy/postgresql";
import { provisioning } from "@af-tenancy/provisioning";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/postgresql";
const Note = defineEntity({ name: "Note", properties: { id: p.integer().primary() } });
export default () =>
  defineTenancy({
    registry: sqliteRegistry({ file: import.meta.dirname + "/data/registry.sqlite" }),
    databases: postgresql({
      connection: ${JSON.stringify(settings)},
      entities: [Note],
      migrations: import.meta.dirname + "/migrations",
    }),
    provisioning: provisioning(),
  });
`;
