import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

/**
 * Puts a check of the request target before a framework: one whose path cannot be decoded, or that is an address without
 * a host, is answered with 400 here. Frameworks answer such requests by themselves, each in its own way, before any
 * middleware.
 *
 * @example createServer({ requireHostHeader: false }, refuseMalformed(app));
 */
export function refuseMalformed(listener: RequestListener): RequestListener {
  return function checkTarget(request: IncomingMessage, response: ServerResponse): void {
    if (isWellFormed(request.url ?? "")) listener(request, response);
    else
      response.writeHead(400, { "content-type": "application/json; charset=utf-8" }).end(malformed);
  };
}

const malformed = JSON.stringify({
  error: { code: "BAD_REQUEST", message: "The request is malformed." },
});

function isWellFormed(target: string): boolean {
  if (!target.startsWith("/") && target !== "*" && !hasHost(target)) return false;
  if (!target.includes("%")) return true;
  const [path = ""] = target.split(/[?#]/, 1);
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** The absolute form; what other clients than proxies send. */
function hasHost(target: string): boolean {
  return /^https?:\/\/[^/]/i.test(target) && URL.canParse(target);
}
