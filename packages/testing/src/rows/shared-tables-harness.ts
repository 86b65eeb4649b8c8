import type { Tenant, TenantDatabases } from "@af-tenancy/core";

/** How the contract gets at an application whose tenants share tables. */
export interface SharedTablesHarness {
  /** Starts the application; called once. */
  start(): Promise<SharedTables>;
  /** Whether raw SQL is kept to the tenant by the server, or not sent. */
  readonly rawSql: "scoped" | "refused";
  /** Part of the full number of random operations; 1 when absent. */
  readonly scale?: number;
}

/** An application whose tenants share tables. */
export interface SharedTables {
  readonly entities: SharedEntities;
  /** Its databases, which know the strategy `row`. */
  readonly databases: TenantDatabases;
  /** Makes a tenant of its own for a test. */
  add(): Promise<Tenant>;
  /** Removes a tenant with its rows. */
  drop(tenant: Tenant): Promise<void>;
  /** Runs work with the tenant's own entity manager. */
  run<R>(tenant: Tenant, work: (em: SharedTablesManager) => Promise<R>): Promise<R>;
  /** A raw fragment of the ORM, as a key of a condition. */
  raw(sql: string): string;
  /** Runs SQL past the framework, where every tenant's rows are seen. */
  admin(sql: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/**
 * The entities of the contract: `Author` (id, name, email unique and nullable, notes), `Note` (id, text, author
 * nullable, tags, comments), `Tag` (id, label unique), `Comment` (id, text, note) and the global `Country` (code, name).
 */
export interface SharedEntities {
  readonly Author: unknown;
  readonly Note: unknown;
  readonly Tag: unknown;
  readonly Comment: unknown;
  readonly Country: unknown;
}

/** A row, or an entity of one. */
export type Row = Record<string, unknown>;

/** What the contract uses of an entity manager. */
export interface SharedTablesManager {
  create(entity: unknown, data: object): Row;
  persist(entity: object): unknown;
  merge(entity: object): unknown;
  remove(entity: object): unknown;
  flush(): Promise<void>;
  fork(): SharedTablesManager;
  find(entity: unknown, where: object, options?: object): Promise<Row[]>;
  findOne(entity: unknown, where: unknown, options?: object): Promise<Row | null>;
  count(entity: unknown, where?: object, options?: object): Promise<number>;
  getReference(entity: unknown, key: unknown): Row;
  insert(entity: unknown, data: object): Promise<unknown>;
  insertMany(entity: unknown, data: object[]): Promise<unknown[]>;
  upsert(entity: unknown, data: object): Promise<Row>;
  upsertMany(entity: unknown, data: object[]): Promise<Row[]>;
  nativeUpdate(entity: unknown, where: object, data: object): Promise<number>;
  nativeDelete(entity: unknown, where: object): Promise<number>;
  stream(entity: unknown, options?: object): AsyncIterable<Row>;
  execute(sql: string): Promise<unknown>;
  getKysely(): RawQueries;
  createQueryBuilder(entity: unknown, alias?: string): RowQuery;
  transactional<R>(work: (em: SharedTablesManager) => Promise<R>): Promise<R>;
}

/** What the contract uses of Kysely. */
export interface RawQueries {
  selectFrom(table: string): { selectAll(): { execute(): Promise<Row[]> } };
}

/** What the contract uses of a query builder. */
export interface RowQuery {
  select(fields: string | readonly unknown[]): RowQuery;
  update(data: object): RowQuery;
  delete(): RowQuery;
  insert(data: object | readonly object[]): RowQuery;
  insertFrom(query: RowQuery, options?: { readonly columns: readonly string[] }): RowQuery;
  onConflict(fields?: unknown): RowQuery;
  merge(data?: object): RowQuery;
  comment(text: string): RowQuery;
  hintComment(text: string): RowQuery;
  indexHint(sql: string): RowQuery;
  where(condition: object): RowQuery;
  leftJoin(relation: string, alias: string, condition?: object): RowQuery;
  orderBy(order: object): RowQuery;
  limit(count: number): RowQuery;
  truncate(): RowQuery;
  execute(): Promise<unknown>;
  getResultList(): Promise<Row[]>;
  getCount(): Promise<number>;
  stream(): AsyncIterable<Row>;
}
