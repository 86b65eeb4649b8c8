import { ConfigurationError } from "@af-tenancy/core";

/** Checks the name of a header or cookie, which is a token of RFC 9110; throws `ConfigurationError`. */
export function checkToken(key: string, value: unknown, example: string): void {
  if (typeof value === "string" && /^[\w!#$%&'*+.^`|~-]{1,128}$/.test(value)) return;
  refuse(key, value, `give a name such as "${example}".`);
}

/** Checks a text of up to 128 visible characters; throws `ConfigurationError`. */
export function checkText(key: string, value: unknown, example: string): void {
  if (typeof value === "string" && /^[\x21-\x7e]{1,128}$/.test(value)) return;
  refuse(key, value, `give a name such as "${example}".`);
}

function refuse(key: string, value: unknown, remedy: string): never {
  const shown =
    typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : `of type ${typeof value}`;
  throw new ConfigurationError(key, shown, remedy);
}
