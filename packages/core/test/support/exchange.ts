import type { RequestExchange, RouteMode, TenancyRequest } from "../../src/index.ts";

/** A request in a test, and the end of its response. */
export interface TestExchange<R> extends RequestExchange<R> {
  /** Closes the response; `aborted` when the client left early. */
  close(aborted?: boolean): void;
}

/** Makes a request to a path whose handler is `next`. */
export function exchange<R>(
  url: string,
  next: () => R,
  { mode = "tenant", ...rest }: Partial<Pick<RequestExchange<R>, "origin" | "mode">> = {},
): TestExchange<R> {
  let closed: { readonly aborted: boolean } | undefined;
  let listener: ((aborted: boolean) => void) | undefined;
  return {
    ...rest,
    request: requestTo(url),
    mode: mode satisfies RouteMode,
    next,
    onClosed(given) {
      if (closed !== undefined) given(closed.aborted);
      else listener = given;
    },
    close(aborted = false) {
      closed = { aborted };
      listener?.(aborted);
      listener = undefined;
    },
  };
}

/** Makes the request that an adapter would give for a path. */
export function requestTo(url: string): TenancyRequest {
  return Object.freeze({
    method: "GET",
    url,
    rawHeaders: Object.freeze([]),
    remoteAddress: "127.0.0.1",
  });
}
