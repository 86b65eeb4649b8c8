import {
  type AdapterSettings,
  type AnswerHeaders,
  type CheckRewritten,
  HttpRequest,
  nodeHeaders,
  type Origin,
  onClosed,
  type RequestExchange,
  type RouteMode,
  type TenantResolver,
} from "@af-tenancy/core";
import type { Context, Next } from "koa";

/** One request of Koa on its way through the tenancy; what is behind it has settled when its promise has. */
export class KoaExchange implements RequestExchange<Promise<unknown>> {
  readonly request: HttpRequest;
  readonly mode: RouteMode;
  readonly resolver: TenantResolver | undefined;
  readonly checkRewritten: CheckRewritten | undefined;
  readonly origin: Origin | undefined;
  readonly debugHeaders: boolean;
  /** What is behind the middleware was called. */
  entered = false;
  readonly #context: Context;
  readonly #next: Next;

  constructor(context: Context, next: Next, settings: AdapterSettings<Context>) {
    this.request = new HttpRequest(context.req, context.originalUrl, context);
    const { mode, resolver } = settings.choiceOf(this.request);
    this.mode = mode;
    this.resolver = resolver;
    this.checkRewritten = settings.checkRewritten;
    this.origin = settings.originOf(context);
    this.#context = context;
    this.debugHeaders = settings.debugHeaders;
    this.#next = next;
  }

  get headers(): AnswerHeaders {
    return nodeHeaders(this.#context.res);
  }

  rewrite(url: string): void {
    this.#context.url = url;
  }

  next(): Promise<unknown> {
    this.entered = true;
    return this.#next();
  }

  onClosed(listener: (aborted: boolean) => void): void {
    onClosed(this.#context.res, listener);
  }
}
