/** Hides secrets in whatever is printed. */
export type Redact = (text: string) => string;

/**
 * Makes what hides secrets: names, passwords and secret parameters in addresses, and values of the environment whose names say that they are secret.
 *
 * @example redactor({ DB_PASSWORD: "hunter2!" })("login with hunter2! failed"); // login with *** failed
 */
export function redactor(environment: Readonly<Record<string, string | undefined>>): Redact {
  const secrets = Object.entries(environment)
    .filter(([name, value = ""]) => secretVariable.test(name) && value.length >= shortest)
    .map(([, value = ""]) => value)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let hidden = text
      .replace(secretParameter, "$1***")
      .replace(webUser, "$1***@")
      .replace(serverUser, "$1***@");
    for (const secret of secrets) hidden = hidden.replaceAll(secret, "***");
    return hidden;
  };
}

/** Tells whether what has this name is a secret: `DB_PASSWORD`, `apiKey`. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

const secretName = /secret|passw|token|credential|(api|private|encryption|access)[-_]?key/i;

/** Addresses of servers have passwords in them. */
const secretVariable = new RegExp(`${secretName.source}|_key$|^key$|_url$|_dsn$|^dsn$`, "i");

/** Shorter ones would hide words. */
const shortest = 8;

/** Ends where path, query or fragment begins. */
const user = /[^\s"'/?#]*/.source;

/** A password that was not encoded may have any of `@`, `/`, `?` and `#` in it; `name:` has to be before it. */
const rawUser = /[^\s"'/?#:@[]*:[^\s"']*/.source;

/** The same, where digits alone are a port: what comes after it is the path. */
const rawWebUser = /[^\s"'/?#:@[]*:(?!\d{1,5}[/?#])[^\s"']*/.source;

const webUser = new RegExp(`(\\bhttps?://)(?:${user}|${rawWebUser})@`, "gi");

/** Of databases and the like, whose paths rarely have an `@`: up to the last one. */
const serverUser = new RegExp(`(\\b(?!https?:)[a-z][a-z0-9+.-]*://)(?:${rawUser}|${user})@`, "gi");

const secretParameter = new RegExp(
  `([?&;][^\\s"'=&;?#]*(?:${secretName.source})[^\\s"'=&;?#]*=)[^\\s"'&#]+`,
  "gi",
);
