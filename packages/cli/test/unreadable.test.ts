import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { addMigration, fileOf, migratedFiles, second } from "./support/migrated.ts";
import { applicationHere, runHere } from "./support/run-here.ts";
import { runProcess } from "./support/run-process.ts";

const patient = 120_000;

it(
  "C118 S033 S034: what can look into no database at all fails with 1, and with 3 where some can be looked into",
  async () => {
    const files = migratedFiles();
    const seeded = `${files["tenancy.config.ts"]}`.replace(
      "entities: [Note]",
      "entities: [Note], seeders: { demo: () => undefined }",
    );
    const folder = await applicationHere({ ...files, "tenancy.config.ts": seeded });
    for (const slug of ["acme", "globex"]) await runHere(["tenant", "create", slug], folder);
    addMigration(folder, "Migration02_done", second);
    const looks = [
      ["migrate up --dry-run --tenants", "migration"],
      ["migrate down --dry-run --tenants", "migration"],
      ["migrate status --tenants", "schemas"],
      ["seed list --tenants", "seeders"],
      ["seed run demo --dry-run --tenants", "seeding"],
    ] as const;
    const exits = async (named: string) => {
      const codes: number[] = [];
      for (const [look, output] of looks) {
        const { code, stdout } = await runHere([...look.split(" "), named, "--json"], folder);
        outputs[output].parse(JSON.parse(stdout));
        codes.push(code);
      }
      return codes;
    };

    const all = await exits("acme,globex");
    rmSync(await fileOf(folder, "acme"));
    const some = await exits("acme,globex");
    const none = await exits("acme");

    expect(all).toEqual([0, 0, 0, 0, 0]);
    expect(some).toEqual([3, 3, 3, 3, 3]);
    expect(none).toEqual([1, 1, 1, 1, 1]);

    const found = await runProcess(["doctor", "--tenants", "acme", "--lang", "de"], { folder });
    expect(found.stdout).toMatch(
      /doctor\/missing-database: .*\n {2}Datenbank, Schema oder Datei eines Mandanten/,
    );
    const unready = await runHere(["tenant", "export", "acme"], folder);
    expect(unready.stderr).toMatch(
      /DATABASE_NOT_READY[\s\S]*what to do: `af-tenancy doctor --tenants/,
    );
    const unplanned = await runHere(["migrate", "resume", "nope"], folder);
    expect(unplanned.stderr).toMatch(/what to do: `af-tenancy migrate status`/);
  },
  patient,
);
