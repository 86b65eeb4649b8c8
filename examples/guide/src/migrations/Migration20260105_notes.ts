import { Migration } from "@mikro-orm/migrations";

/** Makes the table of notes. */
export class Migration20260105_notes extends Migration {
  override up(): void {
    this.addSql(
      "create table note (id integer not null primary key autoincrement, text text not null)",
    );
  }

  override down(): void {
    this.addSql("drop table note");
  }
}
