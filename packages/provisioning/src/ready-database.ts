import type { OperationContext } from "@af-tenancy/core";
import { ownDatabase } from "./fenced-step.ts";

/** Makes the tables that a database of a tenant which begins does not have yet. */
export async function migrateDatabase(context: OperationContext): Promise<void> {
  await context.databases.migrate(ownDatabase(context).tenant);
}

/** Opens that database as the application would. */
export async function verifyDatabase(context: OperationContext): Promise<void> {
  await context.databases.verify(ownDatabase(context).tenant);
}
