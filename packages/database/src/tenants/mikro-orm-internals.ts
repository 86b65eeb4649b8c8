/**
 * What is used of MikroORM 7.2 beyond its documented API, here and in `driver-facades.ts`, each with the file that it
 * stands in. The version is checked at start and the self-test proves the effect.
 */

import {
  type AbstractSqlConnection,
  type AbstractSqlDriver,
  type AbstractSqlPlatform,
  type Configuration,
  type ConnectionOptions,
  type EntityManager,
  type Kysely,
  type MetadataStorage,
  type MikroORM,
  Utils,
  wrap,
} from "@mikro-orm/sql";
import type { Dialect, DialectConnection } from "../connection/dialect.ts";
import { UnscopedSqlError } from "../errors.ts";
import type { ConfirmDatabase } from "./confirm-database.ts";
import { explainingExecutor } from "./explaining-executor.ts";
import { insideTransaction, outerOf, type TransactionHolder } from "./open-transactions.ts";
import { isOver, overError } from "./over-transaction.ts";

/** `EntityManager.js:62`: the constructor that drivers and `fork()` call. */
type EntityManagerClass<EM> = new (
  config: Configuration,
  driver: AbstractSqlDriver,
  metadata: MetadataStorage,
  useContext: boolean,
  eventManager: unknown,
) => EM;

/** Makes connections to what the holder stands for. */
export type ScopeConnectionClass = new (
  orm: MikroORM,
  name: string,
  way: ScopeWay,
  holder: TransactionHolder,
) => AbstractSqlConnection;

/** How a scope's statements reach its database. */
export interface ScopeWay {
  /** For transactions, streams and what applications ask of Kysely. */
  readonly dialect: () => Dialect;
  /** For every other statement outside transactions; `undefined` where the dialect guards what may be sent. */
  readonly statements: Pick<DialectConnection, "executeQuery"> | undefined;
  /** Keeps the scope from ending until the function that it gives is called; throws `ContextEndedError`. */
  hold(): () => void;
  /** Asked once work outside of any transaction has failed, or the outermost one; may throw a better error. */
  readonly confirm: ConfirmDatabase;
}

type Client = ReturnType<AbstractSqlConnection["getClient"]>;
type TransactionHandle = Awaited<ReturnType<AbstractSqlConnection["begin"]>>;
type ExecuteArguments = Parameters<AbstractSqlConnection["execute"]>;
type StreamArguments = Parameters<AbstractSqlConnection["stream"]>;
type Executed = Awaited<ReturnType<AbstractSqlConnection["execute"]>>;
type BeginOptions = NonNullable<Parameters<AbstractSqlConnection["begin"]>[0]>;
type TransactionalOptions = NonNullable<Parameters<AbstractSqlConnection["transactional"]>[1]>;

/**
 * The class of a driver's own connection, adapted to one scope. `connections/Connection.js:18`: the constructor that
 * drivers call; `sql/AbstractSqlConnection.js:25` and the drivers' `connect()` prepare a database (pragmas,
 * `ensureDatabase`), which here was done when it was opened.
 */
export function scopeConnectionClass(driver: AbstractSqlDriver): ScopeConnectionClass {
  const Base = driver.getConnection().constructor as new (
    config: Configuration,
    options: ConnectionOptions,
  ) => AbstractSqlConnection;

  abstract class ScopeConnection extends Base {
    readonly #holder: TransactionHolder;
    readonly #way: ScopeWay;
    #client: Client | undefined;

    constructor(orm: MikroORM, name: string, way: ScopeWay, holder: TransactionHolder) {
      // `Connection.js:24` would look options up one by one and copy them deeply, each time.
      super(orm.config, noOptions);
      this.#holder = holder;
      this.#way = way;
      const options: ConnectionOptions = { name, dbName: name, driverOptions: way.dialect };
      Reflect.set(this, "options", options);
      this.setMetadata(orm.getMetadata());
      this.setPlatform(orm.driver.getPlatform() as AbstractSqlPlatform);
      this.connected = true;
    }

    override async connect(): Promise<void> {}

    /** `sql/AbstractSqlConnection.js` makes one at the first call and gives the same until `close()`. */
    override getClient<T = unknown>(): Kysely<T> {
      const client = super.getClient();
      if (client !== this.#client) explainingExecutor(client.getExecutor(), this.#way.confirm);
      this.#client = client;
      return client as Kysely<T>;
    }

    /**
     * `sql/AbstractSqlConnection.js` `execute()` sends through `transaction`, or else through a Kysely. Most scopes send
     * a statement or two and need none; it is made by `getClient()` for those who do.
     */
    override execute<R extends Executed>(
      query: ExecuteArguments[0],
      params?: ExecuteArguments[1],
      method?: ExecuteArguments[2],
      transaction?: TransactionHandle,
      logging?: ExecuteArguments[4],
    ): Promise<R> {
      if (isOver(transaction)) return Promise.reject(overError(() => this.#way.hold()));
      const abortable = logging !== undefined && "signal" in logging;
      const direct = abortable ? undefined : this.#way.statements;
      const sender = transaction ?? direct ?? this.getClient();
      const result = super.execute<R>(query, params, method, sender as TransactionHandle, logging);
      return transaction === undefined ? result.catch(this.#explain) : result;
    }

    override async *stream<R extends object>(...given: StreamArguments): AsyncIterableIterator<R> {
      if (isOver(given[2])) throw overError(() => this.#way.hold());
      try {
        yield* super.stream<R>(...given);
      } catch (error) {
        if (given[2] !== undefined) throw error;
        await this.#explain(error);
      }
    }

    override async begin(options: BeginOptions = {}): Promise<TransactionHandle> {
      if (isOver(options.ctx)) throw overError(() => this.#way.hold());
      return super.begin(options);
    }

    override async transactional<R>(
      work: (transaction: TransactionHandle) => Promise<R>,
      options: TransactionalOptions = {},
    ): Promise<R> {
      const outer = outerOf(options);
      // It ends by itself, unlike one of `begin()`.
      const release = this.#way.hold();
      try {
        return await super.transactional(
          (transaction) => insideTransaction(this.#holder, outer, () => work(transaction)),
          options,
        );
      } catch (error) {
        if (options.ctx === undefined) await this.#way.confirm(error);
        throw error;
      } finally {
        release();
      }
    }

    readonly #explain = async (error: unknown): Promise<never> => {
      await this.#way.confirm(error);
      throw error;
    };

    override async getNativeClient(): Promise<never> {
      throw new UnscopedSqlError("getNativeClient()");
    }

    override async executeDump(): Promise<never> {
      throw new UnscopedSqlError("executeDump()");
    }
  }
  return ScopeConnection as unknown as ScopeConnectionClass;
}

/** Makes an entity manager on a driver, as `sql/AbstractSqlDriver.js` `createEntityManager()` does. */
export function entityManagerOn<EM>(
  orm: MikroORM,
  Class: { readonly prototype: EM },
  driver: AbstractSqlDriver,
): EM {
  const Constructor = Class as unknown as EntityManagerClass<EM>;
  return new Constructor(orm.config, driver, orm.getMetadata(), false, orm.em.getEventManager());
}

/** `EntityManager.js:73`: the name under which transactions and request contexts find an entity manager. */
export function nameEntityManager(em: EntityManager, name: string): void {
  (em as { name: string }).name = name;
}

/** `entity/WrappedEntity.js`: the entity manager that has an entity in its identity map. */
export function managerOf(entity: object): EntityManager | undefined {
  return (wrap(entity, true) as unknown as { __em?: EntityManager }).__em;
}

/** `sql/schema/SqlSchemaGenerator.js:487`: splits SQL where no string or comment stands. */
export function splitStatements(generator: object, sql: string): readonly string[] {
  const splitter = generator as { splitOutsideLiterals(sql: string, separator: string): string[] };
  return splitter
    .splitOutsideLiterals(sql, ";\n")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

/** `utils/Utils.js`: the version of MikroORM that is loaded. */
export function ormVersion(): string {
  return Utils.getORMVersion();
}

const noOptions: ConnectionOptions = Object.freeze({});
