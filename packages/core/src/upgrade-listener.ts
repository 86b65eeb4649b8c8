import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type AdapterSettings, adapterSettings } from "./adapter-settings.ts";
import { checkTenancy } from "./check-tenancy.ts";
import type { Origin } from "./contracts/bootstrapper.ts";
import type { TenantResolver } from "./contracts/resolver.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { type CallbackExchange, handleByCallback } from "./handle-by-callback.ts";
import { HttpRequest } from "./http-request.ts";
import { checkKnownOptions } from "./known-options.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import type { RouteMode } from "./request-exchange.ts";
import type { RouteRule } from "./route-rules.ts";
import type { Tenancy } from "./tenancy.ts";

/** How upgrades of connections are identified. */
export interface UpgradeOptions {
  /** Which side they belong to; `universal` when absent. */
  readonly mode?: RouteMode;
  /** Where another side or another resolver holds: the first rule whose path an upgrade is below; nowhere when absent. */
  readonly routes?: readonly RouteRule[];
  /** Tells the tenant instead of the tenancy's own resolver. */
  readonly resolve?: TenantResolver;
  /** Names the request in logs and audit. */
  readonly requestId?: (request: IncomingMessage) => string | undefined;
}

/** Takes a connection over, such as `handleUpgrade` of a WebSocket server does, at once or later. */
export type UpgradeHandler = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
) => MaybePromise<void>;

/**
 * Makes a listener for the event `upgrade` of a server of Node, whatever framework serves its requests: the handler runs
 * in the tenant of the request, whose scope ends when the connection is closed. What is refused is answered and closed, and
 * what the handler throws or rejects with is told by the event `failure`, and the connection closed.
 * Events of the connection are told outside of the scope: listen through `tenancy.bindEmitter(socket)`.
 *
 * @example server.on("upgrade", upgradeListener(tenancy, (request, socket, head) => {
 *   sockets.handleUpgrade(request, socket, head, (webSocket) => chat(tenancy.bindEmitter(webSocket)));
 * }));
 * @throws ConfigurationError when the tenancy is none, or an option is wrong or unknown
 */
export function upgradeListener<T extends Tenant>(
  tenancy: Tenancy<T>,
  handler: UpgradeHandler,
  options: UpgradeOptions = {},
): (...upgrade: Parameters<UpgradeHandler>) => void {
  checkTenancy(tenancy);
  const known = { mode: true, routes: true, resolve: true, requestId: true } as const;
  checkKnownOptions<UpgradeOptions>("upgradeListener", options, known);
  const settings = adapterSettings("upgradeListener", tenancy, options);
  return function upgradeInTenant(request, socket, head) {
    socket.on("error", ignore); // a client that resets its connection must not end the process
    const fail = (error: unknown) => {
      tenancy.report(error);
      socket.destroy();
    };
    const go = () => {
      try {
        const handled = handler(request, socket, head);
        if (isThenable(handled)) handled.then(undefined, fail);
      } catch (error) {
        fail(error);
      }
    };
    handleByCallback(tenancy, new UpgradeExchange(tenancy, request, socket, go, settings));
  };
}

class UpgradeExchange implements CallbackExchange {
  readonly request: HttpRequest;
  readonly mode: RouteMode;
  readonly resolver: TenantResolver | undefined;
  readonly origin: Origin | undefined;
  entered = false;
  readonly #tenancy: Pick<Tenancy, "report" | "errorResponse">;
  readonly #socket: Duplex;
  readonly #go: () => void;

  constructor(
    tenancy: Pick<Tenancy, "report" | "errorResponse">,
    request: IncomingMessage,
    socket: Duplex,
    go: () => void,
    settings: AdapterSettings<IncomingMessage>,
  ) {
    this.request = new HttpRequest(request, request.url ?? "", request);
    const { mode, resolver } = settings.choiceOf(this.request);
    this.mode = mode;
    this.resolver = resolver;
    this.origin = settings.originOf(request);
    this.#tenancy = tenancy;
    this.#socket = socket;
    this.#go = go;
  }

  next(): void {
    this.entered = true;
    this.#go();
  }

  refuse(error: unknown): void {
    const { status, headers, body, isFailure } = this.#tenancy.errorResponse(error, this.request);
    if (isFailure) this.#tenancy.report(error);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    this.#socket.end(refusal(status, headers, text));
  }

  /** Whoever closes it, nobody hears of what is still done. */
  onClosed(listener: (aborted: boolean) => void): void {
    if (this.#socket.closed) listener(true);
    else this.#socket.on("close", () => listener(true));
  }
}

function refusal(status: number, headers: Readonly<Record<string, string>>, body: string): string {
  const all = {
    connection: "close",
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  // Whoever imports it loads Node's web client, too: a tenth of the start of a command, which serves nobody.
  const { STATUS_CODES } = process.getBuiltinModule("node:http");
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`;
}

function ignore(): void {}
