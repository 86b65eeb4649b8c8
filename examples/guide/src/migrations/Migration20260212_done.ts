import { Migration } from "@mikro-orm/migrations";

/** Lets notes be done. */
export class Migration20260212_done extends Migration {
  override up(): void {
    this.addSql("alter table note add column done integer not null default 0");
  }

  override down(): void {
    this.addSql("alter table note drop column done");
  }
}
