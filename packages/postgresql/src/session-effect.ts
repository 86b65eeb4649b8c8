/** What a statement does to its session beyond its own transaction. */
export interface SessionEffect {
  /** How it is named in messages. */
  readonly what: string;
  /** It does so; otherwise it may, and only the server knows. */
  readonly certain: boolean;
}

/**
 * Tells what a statement leaves behind in its session; `undefined` for what leaves nothing, which nearly all
 * statements are told by at a glance. What a function of the application's does inside the server is not seen.
 */
export function sessionEffect(sql: string): SessionEffect | undefined {
  if (ordinary.test(sql) && !suspicious.test(sql)) return undefined;
  const code = sql.replace(literals, " '' ");
  for (const statement of code.split(";")) {
    const effect = effectOf(statement.trim());
    if (effect !== undefined) return effect;
  }
  return undefined;
}

const ordinary = /^\s*(?:select|insert|update|delete|with)\b/i;
const suspicious = /;\s*\S|set_config|advisory_lock|\binto\s+(?:local|global|temp)/i;

/** Strings, quoted names, dollar-quoted bodies and comments, in which no word means anything. */
const literals =
  /\be'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*'|'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//gi;

/** Verbs whose statements end with their transaction, unless something in them says otherwise. */
const transactional: ReadonlySet<string> = new Set(
  (
    "select insert update delete with values table merge explain begin start commit end abort rollback savepoint " +
    "release create alter drop truncate comment grant revoke analyze vacuum cluster reindex refresh lock copy fetch " +
    "move close notify checkpoint execute security import reassign show unlisten"
  ).split(" "),
);

function effectOf(statement: string): SessionEffect | undefined {
  if (statement === "") return undefined;
  for (const [pattern, what] of lasting) {
    if (pattern.test(statement)) return { what, certain: true };
  }
  const verb = /^\W*(\w+)/.exec(statement)?.[1]?.toLowerCase() ?? "";
  if (transactional.has(verb) || /^(?:set|declare)$/.test(verb)) return undefined;
  return { what: verb.toUpperCase(), certain: false };
}

const lasting: readonly (readonly [RegExp, string])[] = [
  [/^set\s+(?!local\b|transaction\b|constraints\b)/i, "SET"],
  [/^(?:reset|discard)\b/i, "RESET"],
  [/\bset_config\s*\((?![^()]*,\s*true\s*\))/i, "set_config()"],
  [/\bpg_(?:try_)?advisory_lock/i, "a session-level advisory lock"],
  [/^create\s+(?:or\s+replace\s+)?(?:local\s+|global\s+)?temp/i, "a temporary table"],
  [/\binto\s+(?:local\s+|global\s+)?temp/i, "a temporary table"],
  [/\bpg_temp\b/i, "a temporary table"],
  [/^listen\b/i, "LISTEN"],
  [/^(?:prepare|deallocate)\b/i, "PREPARE"],
  [/^declare\b[^;]*\bwith\s+hold\b/i, "a cursor WITH HOLD"],
  [/^load\b/i, "LOAD"],
];
