/**
 * Gives every value of a header as it was sent, in order. Only what stands in the place of a name is taken for one, so a
 * client cannot put a header into the value of another.
 *
 * @example headerValues(request.rawHeaders, "X-Account")
 */
export function headerValues(rawHeaders: readonly string[], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  let values: string[] | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const sent = rawHeaders[index];
    if (sent?.length !== wanted.length || sent.toLowerCase() !== wanted) continue;
    values ??= [];
    values.push(rawHeaders[index + 1] ?? "");
  }
  return values ?? none;
}

const none: readonly string[] = Object.freeze([]);

/**
 * Gives the value of a header that was sent once; `undefined` for none and for several, of which none can be trusted: a
 * client sends one of its own, and a proxy adds the true one to it.
 *
 * @example onlyHeader(request.rawHeaders, "X-Real-IP")
 */
export function onlyHeader(rawHeaders: readonly string[], name: string): string | undefined {
  const values = headerValues(rawHeaders, name);
  return values.length === 1 ? values[0] : undefined;
}

/**
 * Gives every value of a cookie as it was sent, in order. Names are compared as they are, without decoding: so does a
 * browser.
 *
 * @example cookieValues(request.rawHeaders, "__Host-tenant")
 */
export function cookieValues(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (const header of headerValues(rawHeaders, "cookie")) {
    for (const pair of header.split(";")) {
      const equals = pair.indexOf("=");
      if (equals !== -1 && pair.slice(0, equals).trim() === name) {
        values.push(pair.slice(equals + 1).trim());
      }
    }
  }
  return values;
}

/** Gives the value of a cookie that was sent once; `undefined` for none and for several, of which one was tossed in. */
export function onlyCookie(rawHeaders: readonly string[], name: string): string | undefined {
  const values = cookieValues(rawHeaders, name);
  return values.length === 1 ? values[0] : undefined;
}
