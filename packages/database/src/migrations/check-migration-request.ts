import { checkKnownOptions, InvalidInputError, type MigrationRequest } from "@af-tenancy/core";

/** Throws `InvalidInputError` or `ConfigurationError` for what no migration can be asked. */
export function checkMigrationRequest(request: MigrationRequest): void {
  checkKnownOptions<MigrationRequest>("migrations.run", request, {
    ...{ direction: true, steps: true, dryRun: true },
    ...{ lockMs: true, statementMs: true, signal: true },
  });
  const { direction = "up", steps, dryRun = false, lockMs, statementMs } = request;
  if (!["up", "down", "fresh"].includes(direction)) {
    throw new InvalidInputError("direction", String(direction), 'use "up", "down" or "fresh"');
  }
  if (typeof dryRun !== "boolean") {
    throw new InvalidInputError("dryRun", String(dryRun), "give true or false");
  }
  for (const [name, value] of Object.entries({ steps, lockMs, statementMs })) {
    if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= 86_400_000))
      continue;
    throw new InvalidInputError(name, String(value), "give a whole number from 1 to 86,400,000");
  }
}
