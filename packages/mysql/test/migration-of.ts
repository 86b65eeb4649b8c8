import type { NamedMigration } from "@af-tenancy/database";
import type { SqlMigration } from "@af-tenancy/testing";
import { Migration } from "@mikro-orm/migrations";

/** Makes a migration as an application writes it. */
export function migrationOf({ name, up, down }: SqlMigration): NamedMigration {
  return {
    name,
    class: class extends Migration {
      override up(): void {
        for (const sql of up) this.addSql(sql);
      }

      override down(): void {
        for (const sql of down) this.addSql(sql);
      }
    },
  };
}
