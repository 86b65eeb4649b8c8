import type { Catalogue } from "./messages/catalogue.ts";
import { jsonText } from "./terminal/json-text.ts";
import { plainText } from "./terminal/plain-text.ts";
import { styled } from "./terminal/printer.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** An error as it is told: what happened, why, and what to do. */
export interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly causes: readonly string[];
  readonly remedy: string | undefined;
  /** The statement that failed, where one did. */
  readonly sql: string | undefined;
}

/** Gives the text that tells of an error, as JSON or for people, without secrets. */
export function errorText(
  error: unknown,
  catalogue: Catalogue,
  terminal: Terminal,
  json: boolean,
): string {
  const facts = factsOf(error, catalogue);
  const { redact } = terminal;
  if (json) return jsonText({ error: { ...facts, remedy: facts.remedy ?? null } }, redact);
  const { words } = catalogue;
  const screen = { ...terminal, stdout: terminal.stderr };
  return [
    `${styled(screen, `${words.error} ${facts.code}:`, "red")} ${plainText(facts.message)}`,
    ...facts.causes.map((cause) => `  ${words.because} ${plainText(cause)}`),
    ...(facts.sql === undefined ? [] : [`  SQL: ${plainText(facts.sql)}`]),
    ...(facts.remedy === undefined ? [] : [`  ${words.remedy} ${plainText(facts.remedy)}`]),
  ]
    .map((line) => `${redact(line)}\n`)
    .join("");
}

/** Tells an error's code, its message and those of what caused it. */
export function factsOf(error: unknown, { remedies }: Catalogue): ErrorFacts {
  const { code, message } = described(error);
  const causes: string[] = [];
  const seen = new Set([error]);
  let cause: unknown = causeOf(error);
  let sql = sqlOf(error);
  while (cause !== undefined && !seen.has(cause) && causes.length < 5) {
    seen.add(cause);
    const told = described(cause).message;
    sql ??= sqlOf(cause);
    if (told !== "" && told !== causes.at(-1) && told !== message) causes.push(told);
    cause = causeOf(cause);
  }
  return { code, message, causes, remedy: remedies[code], sql };
}

function described(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: "UNKNOWN", message: textOf(error) };
  const { code } = error as { readonly code?: unknown };
  return {
    code: typeof code === "string" ? code : error.name,
    message: error.message.replace(/\s*\n\s*/g, " ").trim(),
  };
}

/** Not everything that can be thrown can be made a text of. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}

function causeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError) return error.errors[0];
  return error.cause;
}

/** Other errors that have a statement have values in it. */
function sqlOf(error: unknown): string | undefined {
  const { code, sql } = Object(error) as { readonly code?: unknown; readonly sql?: unknown };
  if (code !== "MIGRATION_FAILED" || typeof sql !== "string") return undefined;
  return sql.replace(/\s+/g, " ").slice(0, 2_000);
}
