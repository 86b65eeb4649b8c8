import type { NamedMigration } from "@af-tenancy/database";

/** The SQL of ten migrations, by name: each makes a table with an index and a row, or changes one. */
export const tenMigrations: ReadonlyMap<string, readonly string[]> = new Map(
  Array.from({ length: 10 }, (_, index) => {
    const table = `item${Math.floor(index / 2)}`;
    const even = [
      `create table ${table} (id integer not null primary key, name varchar(100) not null)`,
      `create index ${table}_name_index on ${table} (name)`,
      `insert into ${table} (id, name) values (1, 'first')`,
    ];
    const odd = [
      `alter table ${table} add column colour varchar(20)`,
      `update ${table} set colour = 'red' where id = 1`,
    ];
    return [`migration-${index}`, index % 2 === 0 ? even : odd] as const;
  }),
);

/** The same as an application gives them. */
export function namedMigrations(): readonly NamedMigration[] {
  return [...tenMigrations].map(([name, sql]) => ({
    name,
    class: class {
      readonly #queries: string[] = [];
      up(): void {
        this.#queries.push(...sql);
      }
      down(): void {}
      isTransactional(): boolean {
        return true;
      }
      getQueries(): unknown[] {
        return this.#queries;
      }
      setTransactionContext(): void {}
    },
  }));
}
