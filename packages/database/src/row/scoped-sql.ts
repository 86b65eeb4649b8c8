import { randomBytes } from "node:crypto";
import { UnscopedSqlError } from "../errors.ts";
import { type SqlTexts, type SqlToken, sqlTokens } from "./sql-tokens.ts";

/**
 * Tells SQL that the scoped query builder wrote from any other, where no rule of the engine keeps tenants apart. The
 * builder signs each statement and each subquery; what carries no signature is not sent.
 */
export class ScopedSql {
  /** A comment that nobody writes by accident. */
  readonly signature = `/*${randomBytes(6).toString("hex")}*/`;
  readonly #texts: SqlTexts;

  constructor(texts: SqlTexts) {
    this.#texts = texts;
  }

  /** Takes the signatures off a statement; throws `UnscopedSqlError` when one is missing. */
  unsign(sql: string): string {
    const tokens = sqlTokens(sql, this.#texts);
    if (tokens === undefined || !this.#isSigned(tokens) || !isClosed(tokens)) {
      if (askingForSettings.test(sql)) return sql;
      throw new UnscopedSqlError(`"${shortened(sql)}"`);
    }
    return sql.replaceAll(`${this.signature} `, "");
  }

  /** Throws `UnscopedSqlError` when a piece of a query could end the parenthesis or list that it stands in. */
  checkPiece(sql: string, place: "condition" | "join" | "value"): void {
    const tokens = sqlTokens(sql, this.#texts);
    if (tokens !== undefined && isClosed(tokens) && !breaksOut(tokens, place)) return;
    throw new UnscopedSqlError(`The raw fragment in "${shortened(sql)}"`);
  }

  #isSigned(tokens: readonly SqlToken[]): boolean {
    if (!this.#signsFirstVerb(tokens)) return false;
    const frames: Frame[] = [newFrame()];
    for (const [index, token] of tokens.entries()) {
      const frame = frames.at(-1) ?? newFrame();
      if (token.kind === "comment") continue;
      if (frame.wantsSource) {
        frame.wantsSource = false;
        if (!isDerived(tokens, index)) return false;
      }
      if (token.text === "(") frames.push(newFrame());
      else if (token.text === ")") frames.pop();
      else if (token.text === "select") {
        frame.signed = this.#isSignature(tokens[index + 1]);
        frame.inSources = false;
      } else if (token.text === "table" && token.kind === "word") return false;
      else if (!frame.signed) readSources(frame, token);
    }
    return true;
  }

  /** With common table expressions, the verb is the one after them. */
  #signsFirstVerb(tokens: readonly SqlToken[]): boolean {
    let depth = 0;
    for (const [index, { kind, text }] of tokens.entries()) {
      if (text === "(") depth += 1;
      if (text === ")") depth -= 1;
      if (depth > 0 || kind !== "word") continue;
      if (index === 0 && text === "with") continue;
      if (!verbs.has(text)) {
        if (tokens[0]?.text === "with" || tokens[0]?.text === "(") continue;
        return false;
      }
      const next = tokens[index + 1]?.text === "ignore" ? index + 2 : index + 1;
      if (this.#isSignature(tokens[next])) return true;
      return text === "select" && tokens.some((token) => this.#isSignature(token));
    }
    // A union is written as parenthesised selects.
    return tokens.some((token) => this.#isSignature(token));
  }

  #isSignature(token: SqlToken | undefined): boolean {
    return token?.text === this.signature;
  }
}

interface Frame {
  signed: boolean;
  inSources: boolean;
  wantsSource: boolean;
}

function newFrame(): Frame {
  return { signed: true, inSources: false, wantsSource: false };
}

/** A select that is not signed may read from subqueries and functions, and from no table. */
function readSources(frame: Frame, { text }: SqlToken): void {
  if (text === "from") frame.inSources = true;
  if (text === "from" || (frame.inSources && (text === "join" || text === ","))) {
    frame.wantsSource = true;
  }
  if (endsSources.has(text)) frame.inSources = false;
}

/** What stands there is a parenthesis, or a function's name before one. */
function isDerived(tokens: readonly SqlToken[], index: number): boolean {
  return tokens[index]?.text === "(" || tokens[index + 1]?.text === "(";
}

function isClosed(tokens: readonly SqlToken[]): boolean {
  let depth = 0;
  for (const { text } of tokens) {
    if (text === "(") depth += 1;
    if (text === ")") depth -= 1;
    if (depth < 0 || text === ";") return false;
  }
  return depth === 0;
}

/** A condition is put into parentheses; an "or" beside the join's own condition, or a second value, would not be. */
function breaksOut(tokens: readonly SqlToken[], place: "condition" | "join" | "value"): boolean {
  if (place === "condition") return false;
  if (place === "value") return outermost(tokens).some(({ text }) => text === ",");
  const afterOn: boolean[] = [false];
  for (const { kind, text } of tokens) {
    if (text === "(") afterOn.push(false);
    else if (text === ")") afterOn.pop();
    else if (kind === "word" && text === "on") afterOn[afterOn.length - 1] = true;
    else if (afterOn.at(-1) && ors.has(text)) return true;
  }
  return false;
}

function outermost(tokens: readonly SqlToken[]): SqlToken[] {
  let depth = 0;
  return tokens.filter(({ text }) => {
    if (text === "(") depth += 1;
    if (text === ")") depth -= 1;
    return depth === 0;
  });
}

const verbs: ReadonlySet<string> = new Set(["select", "insert", "update", "delete"]);
const ors: ReadonlySet<string> = new Set(["or", "xor", "||"]);
const endsSources: ReadonlySet<string> = new Set(
  "where group having order limit window union except intersect on".split(" "),
);
/** What MikroORM asks MySQL and MariaDB before it inserts several rows. */
const askingForSettings = /^show variables like 'auto_increment_increment'$/;

function shortened(sql: string): string {
  return sql.length > 120 ? `${sql.slice(0, 120)}…` : sql;
}
