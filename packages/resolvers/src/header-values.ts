/** Gives all values of a header, in order. `name` is in lower case. */
export function headerValues(rawHeaders: readonly string[], name: string): readonly string[] {
  let values: string[] | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const sent = rawHeaders[index];
    if (sent?.length !== name.length || sent.toLowerCase() !== name) continue;
    values ??= [];
    values.push(rawHeaders[index + 1] ?? "");
  }
  return values ?? none;
}

const none: readonly string[] = Object.freeze([]);
