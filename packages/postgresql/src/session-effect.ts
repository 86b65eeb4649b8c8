import { changesSettings } from "./changes-settings.ts";
import { type SqlStatement, sqlStatements } from "./sql-statements.ts";

/** What a statement does to its session beyond its own transaction. */
export interface SessionEffect {
  /** How it is named in messages. */
  readonly what: string;
  /** It does so; otherwise it may, and only the server knows. */
  readonly certain: boolean;
}

/**
 * Tells what SQL leaves behind in its session; `undefined` for what is known to leave nothing, which nearly all statements
 * are told by at a glance. What a function of the application's does inside the server is not seen.
 */
export function sessionEffect(sql: string): SessionEffect | undefined {
  if (ordinary.test(sql) && !suspicious.test(sql)) return undefined;
  const statements = sqlStatements(sql);
  if (statements === undefined) return perhaps("SQL with an open text or comment");
  const effects = statements.map(effectOf).filter((effect) => effect !== undefined);
  return effects.find(({ certain }) => certain) ?? effects[0];
}

/** One statement of rows that makes no table, and names nothing that changes a session in a way that could be hidden. */
const ordinary = /^\s*(?:insert|update|delete|(?:select|with)(?![\s\S]*into))\b/i;
const suspicious = /;\s*\S|set_config|advisory_lock|pg_settings|u&"|_to_xml|ts_stat|ts_rewrite/i;

function effectOf(statement: SqlStatement): SessionEffect | undefined {
  return effectOfNames(statement) ?? effectOfVerb(statement.filter((piece) => piece !== "("));
}

function effectOfNames(statement: SqlStatement): SessionEffect | undefined {
  if (statement.some((piece, at) => piece === "set_config" && !isLocal(statement, at))) {
    return surely("set_config()");
  }
  if (changesSettings(statement)) return surely("a change of pg_settings");
  if (statement.some((piece) => sessionLock.test(piece))) {
    return surely("a session-level advisory lock");
  }
  return statement.some((piece) => runningText.test(piece))
    ? perhaps("SQL that is run from a text")
    : undefined;
}

const sessionLock = /^pg_(?:try_)?advisory_lock/;

/** Functions of the server that run a text as SQL, and names that may be any. */
const runningText = /_to_xml|^ts_stat$|^ts_rewrite$|^u&""$/;

/** The last argument of a call says whether the setting ends with the transaction. */
function isLocal(statement: SqlStatement, at: number): boolean {
  if (statement[at + 1] !== "(") return false;
  let depth = 0;
  for (let end = at + 1; end < statement.length; end += 1) {
    if (statement[end] === "(") depth += 1;
    else if (statement[end] === ")") depth -= 1;
    if (depth === 0) return statement[end - 1] === "true" && statement[end - 2] === ",";
  }
  return false;
}

function effectOfVerb(words: SqlStatement): SessionEffect | undefined {
  const [verb = ""] = words;
  if (verb === "set") return effectOfSet(words);
  if (verb === "create") return isTemporary(words) ? temporaryTable : perhaps("CREATE");
  if (verb === "declare") return holds(words) ? surely("a cursor WITH HOLD") : undefined;
  if (verb === "explain") return effectOfVerb(explained(words));
  if (lasting.has(verb)) return surely(verb.toUpperCase());
  if (!harmless.has(verb)) return perhaps(verb.toUpperCase());
  if (!words.some(isSelectInto)) return undefined;
  return isTemporary(words) ? temporaryTable : perhaps("SELECT INTO");
}

/** These change the session, or what it remembers. */
const lasting: ReadonlySet<string> = new Set(
  "reset discard listen prepare deallocate load".split(" "),
);

/** Whatever these do ends with their transaction or is there for all sessions, unless a name in them says otherwise. */
const harmless: ReadonlySet<string> = new Set(
  (
    "select insert update delete with values table merge begin start commit end abort rollback savepoint release " +
    "fetch move close lock notify show truncate drop comment grant revoke analyze vacuum"
  ).split(" "),
);

/** A name in quotes that reads like a keyword is followed by what comes after a setting's name. */
function effectOfSet([, scope = "", name = ""]: SqlStatement): SessionEffect | undefined {
  if (!ofTransaction.has(scope) || /^(?:\.|=|to)$/.test(name)) return surely("SET");
  if (/^(?:names|client_encoding|standard_conforming_strings)$/.test(name)) return surely("SET");
  return /^(?:search_path|schema)$/.test(name) ? perhaps("SET LOCAL") : undefined;
}

const ofTransaction: ReadonlySet<string> = new Set(["local", "transaction", "constraints"]);

function isSelectInto(word: string, at: number, words: SqlStatement): boolean {
  return word === "into" && !/^(?:insert|merge)$/.test(words[at - 1] ?? "");
}

/** The kind of what is made says so, or the schema that it is made in. */
function isTemporary(words: SqlStatement): boolean {
  if (temporary.test(words.join(" "))) return true;
  return words.some((word, at) => word.startsWith("pg_temp") && words[at + 1] === ".");
}

const temporary = /(?:^create (?:or replace )?|\binto )(?:(?:local|global) )?temp(?:orary)?\b/;

function holds(words: SqlStatement): boolean {
  return words.some((word, at) => word === "with" && words[at + 1] === "hold");
}

/** The statement after the options, of which those in parentheses end with the first one that closes. */
function explained(words: SqlStatement): SqlStatement {
  const start = words.findIndex((word, at) => at > 0 && explainable.has(word));
  return start < 0 ? [] : words.slice(start);
}

const explainable: ReadonlySet<string> = new Set(
  "select insert update delete with values table merge create declare execute refresh".split(" "),
);

function surely(what: string): SessionEffect {
  return { what, certain: true };
}

function perhaps(what: string): SessionEffect {
  return { what, certain: false };
}

const temporaryTable = surely("a temporary table");
