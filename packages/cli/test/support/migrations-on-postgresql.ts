import { runHere } from "./run-here.ts";

/** Deletes tenants for good. */
export async function purge(folder: string, ...slugs: readonly string[]): Promise<void> {
  const argv = ["tenant", "purge", ...slugs, "--skip-grace"];
  const { stdout } = await runHere([...argv, "--dry-run", "--quiet"], folder);
  await runHere([...argv, "--yes", "--plan", stdout.trim()], folder);
}

/** The text of a migration that sends statements. */
export function migration(name: string, statements: readonly string[], more = ""): string {
  return `
import { Migration } from "@mikro-orm/migrations";
export class ${name} extends Migration {
  override up(): void {
    for (const sql of ${JSON.stringify(statements)}) this.addSql(sql);
  }
  ${more}
}
`;
}
