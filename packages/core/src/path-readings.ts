/**
 * Gives the path of a request target as every router reads it: nothing decoded, in its own case. A target that is a whole
 * address begins with a slash only once what is before its path is what routers agree on.
 */
export function exactPath(url: string): string {
  const target = url.startsWith("/") ? url : url.replace(/^https?:\/\/[\w.:[\]-]*(?=[/?#]|$)/, "");
  return `${cutAt(/[?#]/, target)}/`;
}

/** Gives the path in the one reading that is below a prefix whenever that of any router is. */
export function loosePath(url: string): string {
  const target = url.startsWith("/") ? url : url.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  return plain(decoded(cutAt(/[?#;]/, target)));
}

/** Gives the beginning of a rule's path in both readings; it ends in a slash, so that `/administrators` is not below `/admin`. */
export function prefixesOf(path: string): { readonly exact: string; readonly loose: string } {
  return { exact: encodeURI(`${path}/`).replace(/\/{2,}/g, "/"), loose: plain(path) };
}

function plain(path: string): string {
  return `${path}/`.toLowerCase().replace(/\/{2,}/g, "/");
}

function cutAt(mark: RegExp, target: string): string {
  const end = target.search(mark);
  return end === -1 ? target : target.slice(0, end);
}

function decoded(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replace(/%[0-7][0-9a-f]/gi, decodeURIComponent);
  }
}
