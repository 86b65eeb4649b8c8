/** What of a failure the registry or a run of many tenants keeps. */
interface KeptFailure {
  readonly code: string;
  readonly message: string;
}

/** Tells a failure's code and message, without the step and the code that a kept message begins with. */
export function keptFailure({ code, message }: KeptFailure): KeptFailure {
  const [, step = "", rest = ""] = /^([a-z]+: )(.*)$/s.exec(message) ?? [];
  const isRepeated = step !== "" && rest.startsWith(`${code}: `);
  return { code, message: isRepeated ? rest.slice(code.length + 2) : message };
}
