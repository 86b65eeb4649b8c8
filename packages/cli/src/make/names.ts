/** A name as it is written in a file, in code, and for a constant. */
export interface Names {
  readonly kebab: string;
  readonly camel: string;
  readonly constant: string;
}

/** Gives the spellings of a name such as `plan-limit`; `undefined` where it is none. */
export function namesOf(name: string): Names | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 60) return undefined;
  return {
    kebab: name,
    camel: name.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase()),
    constant: name.toUpperCase().replaceAll("-", "_"),
  };
}
