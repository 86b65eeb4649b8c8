import {
  type AdapterSettings,
  type CallbackExchange,
  HttpRequest,
  type Origin,
  onClosed,
  type RouteMode,
} from "@af-tenancy/core";
import type { NextFunction, Request, Response } from "express";

/** One request of Express on its way through the tenancy. */
export class ExpressExchange implements CallbackExchange {
  readonly request: HttpRequest;
  readonly mode: RouteMode;
  readonly origin: Origin | undefined;
  readonly setHeader: ((name: string, value: string) => void) | undefined;
  entered = false;
  readonly #request: Request;
  readonly #response: Response;
  readonly #next: NextFunction;

  constructor(
    request: Request,
    response: Response,
    next: NextFunction,
    settings: AdapterSettings<Request>,
  ) {
    this.request = new HttpRequest(request, request.originalUrl, request);
    this.mode = settings.mode;
    this.origin = settings.originOf(request);
    this.#request = request;
    this.setHeader = settings.debugHeaders
      ? (name, value) => response.setHeader(name, value)
      : undefined;
    this.#response = response;
    this.#next = next;
  }

  rewrite(url: string): void {
    this.#request.url = url;
  }

  next(): void {
    this.entered = true;
    this.#next();
  }

  refuse(error: unknown): void {
    this.#next(error);
  }

  onClosed(listener: (aborted: boolean) => void): void {
    onClosed(this.#response, listener);
  }
}
