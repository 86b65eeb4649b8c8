import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import type { StatusOutput } from "../src/outputs/read-outputs.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";

/** Milliseconds where the machine is busy. */
const patient = 180_000;

it(
  "S061: the status of a tenant names commands that there are, each of which is allowed then",
  async () => {
    const folder = await applicationHere();
    const tell = (argv: string) => jsonHere(argv.split(" "), folder);
    await tell("tenant create acme");
    const told: Record<string, readonly string[]> = {};

    for (const [status, former, grace] of [
      ...[["active"], ["inactive"], ["suspended"], ["blocked", "suspended"], ["archived"]],
      ...[["deleted", "suspended", Date.now() + 60_000], ["deleted", "active", 1], ["deleting"]],
      ...[["provisioning"], ["failed"], ["pending"]],
    ]) {
      set(folder, status, former, grace);
      const { commands } = outputs.status.parse(await tell("tenant status acme")) as StatusOutput;
      for (const { command } of commands) {
        const rehearsal = await tell(`${command.replace("af-tenancy ", "")} --dry-run`);
        expect(rehearsal, `${status}: ${command}`).toMatchObject({ dryRun: true });
      }
      told[`${status}${grace === 1 ? " for long" : ""}`] = commands.map(
        ({ command, to }) => `${command.replace(/af-tenancy (tenant )?/, "")} -> ${to}`,
      );
    }

    const purge = "purge acme --skip-grace -> purged";
    const activate = "activate acme -> active";
    const archive = "archive acme -> archived";
    const remove = "delete acme -> deleted";
    expect(told).toEqual({
      active: ["suspend acme -> suspended", archive, remove, purge],
      inactive: [activate, archive, remove, purge],
      suspended: [activate, archive, remove, purge],
      blocked: [activate, remove, purge],
      archived: [activate, remove, purge],
      deleted: ["restore acme -> suspended", purge],
      "deleted for long": ["purge acme -> purged"],
      deleting: ["repair -> purged", purge],
      provisioning: ["repair -> active", purge],
      failed: ["repair -> active", purge],
      pending: [purge],
    });
  },
  patient,
);

it("S061: what only the application does with a tenant is told as that", async () => {
  const folder = await applicationHere();
  await runHere(["tenant", "create", "acme"], folder);

  const { stdout } = await runHere(["tenant", "status", "acme"], folder);

  expect(stdout).toBe(
    [
      '"acme" is served.',
      "What can be done with it:",
      "  af-tenancy tenant suspend acme -> suspended",
      "  af-tenancy tenant archive acme -> archived",
      "  af-tenancy tenant delete acme -> deleted",
      "  af-tenancy tenant purge acme --skip-grace -> purged",
      "Your application can also: deactivate -> inactive, block -> blocked.",
      "",
    ].join("\n"),
  );
});

/** Gives the tenant a status that commands alone do not, too. */
function set(folder: string, ...values: readonly (string | number | undefined)[]): void {
  const [status = null, former = null, grace = null] = values;
  const file = new DatabaseSync(join(folder, "data/registry.sqlite"));
  file
    .prepare("update tenants set status = ?, former_status = ?, grace_until = ?")
    .run(status, former, grace);
  file.close();
}
