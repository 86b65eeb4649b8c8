import type { ConnectionSource } from "./connection-source.ts";
import type { Dialect, DialectGrammar } from "./dialect.ts";
import type { LeaseScope } from "./lease-scope.ts";
import { LeasingDriver } from "./leasing-driver.ts";

/** Makes the dialect through which one scope reaches a database, a lease at a time. */
export type MakeLeasingDialect = (source: ConnectionSource, scope: LeaseScope) => Dialect;

/** Makes what makes dialects that all share a grammar; what compiles queries keeps nothing between two of them. */
export function leasingDialects(grammar: DialectGrammar): MakeLeasingDialect {
  const compiler = grammar.createQueryCompiler();
  const adapter = manyConnections(grammar.createAdapter());
  return (source, scope) => ({
    createDriver: () => new LeasingDriver(source, scope),
    createQueryCompiler: () => compiler,
    createAdapter: () => adapter,
    createIntrospector: (database) => grammar.createIntrospector(database),
  });
}

type Adapter = ReturnType<Dialect["createAdapter"]>;

/** Turns are taken where the connection is, in order and with a deadline; Kysely's own lock has neither. */
function manyConnections(adapter: Adapter): Adapter {
  return Object.create(adapter, { supportsMultipleConnections: { value: true } });
}
