import type { IncomingMessage } from "node:http";
import type { TenancyRequest } from "./contracts/resolver.ts";

/** What Node gives of a request, over HTTP/1 or HTTP/2. */
export type NodeRequest = Pick<IncomingMessage, "method" | "rawHeaders" | "httpVersionMajor"> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/** A request of Node as resolvers see it, the same in every framework; `url` is its target before any rewriting. */
export class HttpRequest implements TenancyRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly source: unknown;
  readonly #socket: NodeRequest["socket"];

  constructor(request: NodeRequest, url: string, source?: unknown) {
    const { method, rawHeaders, httpVersionMajor, socket } = request;
    this.method = method ?? "";
    this.url = url;
    this.rawHeaders = httpVersionMajor === 2 ? withHost(rawHeaders) : rawHeaders;
    this.source = source;
    this.#socket = socket;
  }

  /** Asked of the system on each new connection, so only for those who want it. */
  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }
}

/** HTTP/2 names the host in `:authority`. */
function withHost(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.map((part, i) => (i % 2 === 0 && part === ":authority" ? "Host" : part));
}
