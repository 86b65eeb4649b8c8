import { isTenancyError } from "@af-tenancy/core";

/**
 * Says what stopped a step in words that may be kept: the framework's own messages without credentials, and of any other
 * error its name and code only, since drivers put connection strings and rows into theirs.
 */
export function journalText(step: string, error: unknown): string {
  if (isTenancyError(error)) return clip(`${step}: ${error.code}: ${withoutUsers(error.message)}`);
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  const words = [word(name) ?? "Error", word(code)].filter((part) => part !== undefined);
  return `${step}: ${words.join(" ")}; the process that ran it has the details`;
}

function withoutUsers(text: string): string {
  return text.replace(/:\/\/[^\s/]*@/g, "://***@");
}

function word(value: unknown): string | undefined {
  return /^[\w.-]{1,60}$/.test(String(value)) && value !== undefined ? String(value) : undefined;
}

function clip(text: string): string {
  return text.length <= 1_000 ? text : `${text.slice(0, 999)}…`;
}
