/** Gives every value of a header as it was sent; `name` is lower case. */
export function headerValues(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === name) values.push(rawHeaders[i + 1] ?? "");
  }
  return values;
}

/** Gives the value of a header that was sent once; `undefined` for none and for several, of which none can be trusted. */
export function onlyHeader(rawHeaders: readonly string[], name: string): string | undefined {
  const [value, ...others] = headerValues(rawHeaders, name);
  return others.length === 0 ? value : undefined;
}

/** Gives the value of a cookie that was sent once; `undefined` for none and for several, of which one was tossed in. */
export function onlyCookie(rawHeaders: readonly string[], name: string): string | undefined {
  const prefix = `${name}=`;
  const found = headerValues(rawHeaders, "cookie")
    .flatMap((header) => header.split(";"))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix));
  return found.length === 1 ? found[0]?.slice(prefix.length) : undefined;
}
