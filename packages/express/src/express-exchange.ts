import {
  type AdapterSettings,
  type AnswerHeaders,
  answerRefusal,
  type CallbackExchange,
  type CheckRewritten,
  HttpRequest,
  type MaybePromise,
  nodeHeaders,
  type Origin,
  onClosed,
  type RouteMode,
  type TenantResolver,
} from "@af-tenancy/core";
import type { NextFunction, Request, Response } from "express";

/** How the application answers a refusal; what it throws surfaces. */
export type AnswerRefusal = (
  error: unknown,
  request: Request,
  response: Response,
) => MaybePromise<void>;

/** One request of Express on its way through the tenancy. */
export class ExpressExchange implements CallbackExchange {
  readonly request: HttpRequest;
  readonly mode: RouteMode;
  readonly resolver: TenantResolver | undefined;
  readonly checkRewritten: CheckRewritten | undefined;
  readonly origin: Origin | undefined;
  readonly debugHeaders: boolean;
  entered = false;
  readonly #request: Request;
  readonly #response: Response;
  readonly #next: NextFunction;
  readonly #onFail: AnswerRefusal | undefined;

  constructor(
    request: Request,
    response: Response,
    next: NextFunction,
    settings: AdapterSettings<Request, AnswerRefusal>,
  ) {
    this.request = new HttpRequest(request, request.originalUrl, request);
    const { mode, resolver } = settings.choiceOf(this.request);
    this.mode = mode;
    this.resolver = resolver;
    this.checkRewritten = settings.checkRewritten;
    this.origin = settings.originOf(request);
    this.#request = request;
    this.debugHeaders = settings.debugHeaders;
    this.#response = response;
    this.#next = next;
    this.#onFail = settings.onFail;
  }

  get headers(): AnswerHeaders {
    return nodeHeaders(this.#response);
  }

  rewrite(url: string): void {
    this.#request.url = url;
  }

  next(): void {
    this.entered = true;
    this.#next();
  }

  refuse(error: unknown): void {
    const onFail = this.#onFail;
    if (onFail === undefined) this.#next(error);
    else answerRefusal(() => onFail(error, this.#request, this.#response), this.#next);
  }

  onClosed(listener: (aborted: boolean) => void): void {
    onClosed(this.#response, listener);
  }
}
