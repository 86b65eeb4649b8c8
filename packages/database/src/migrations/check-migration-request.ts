import { checkKnownOptions, InvalidInputError, type MigrationRequest } from "@af-tenancy/core";

/** Throws `InvalidInputError` or `ConfigurationError` for what no migration can be asked. */
export function checkMigrationRequest(request: MigrationRequest): void {
  checkKnownOptions<MigrationRequest>("migrations.run", request, {
    ...{ direction: true, steps: true, dryRun: true },
    ...{ lockMs: true, statementMs: true, signal: true },
  });
  const { direction = "up", steps, dryRun = false, lockMs, statementMs, signal } = request;
  if (!["up", "down", "fresh"].includes(direction)) {
    const given = typeof direction === "string" ? direction : `of type ${typeof direction}`;
    throw new InvalidInputError("direction", given, 'use "up", "down" or "fresh"');
  }
  if (direction === "fresh" && steps !== undefined) {
    throw new InvalidInputError("steps", "given", "leave it out: a fresh start runs all of them");
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidInputError("signal", `of type ${typeof signal}`, "give an AbortSignal");
  }
  if (typeof dryRun !== "boolean") {
    throw new InvalidInputError("dryRun", `of type ${typeof dryRun}`, "give true or false");
  }
  for (const [name, value] of Object.entries({ steps, lockMs, statementMs })) {
    if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= 86_400_000))
      continue;
    throw new InvalidInputError(
      name,
      `${typeof value === "number" ? value : typeof value}`,
      "give a whole number from 1 to 86,400,000",
    );
  }
}
