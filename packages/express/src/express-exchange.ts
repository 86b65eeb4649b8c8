import type { Origin, RequestExchange, RouteMode, TenancyRequest } from "@af-tenancy/core";
import type { NextFunction, Request, Response } from "express";
import { onClosed } from "./on-closed.ts";

/** One request of Express on its way through the tenancy. */
export class ExpressExchange implements RequestExchange<void> {
  readonly request: TenancyRequest;
  readonly mode: RouteMode;
  readonly origin: Origin | undefined;
  /** It has reached what stands behind the middleware. */
  entered = false;
  readonly #response: Response;
  readonly #next: NextFunction;

  constructor(
    request: Request,
    response: Response,
    next: NextFunction,
    mode: RouteMode,
    origin: Origin | undefined,
  ) {
    this.request = new ExpressRequest(request);
    this.mode = mode;
    this.origin = origin;
    this.#response = response;
    this.#next = next;
  }

  next(): void {
    this.entered = true;
    this.#next();
  }

  /** Hands over what went wrong on the way; an error of the application surfaces where it happened. */
  refuse(error: unknown): void {
    if (this.entered) throw error;
    this.#next(error);
  }

  onClosed(listener: (aborted: boolean) => void): void {
    onClosed(this.#response, listener);
  }
}

class ExpressRequest implements TenancyRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly #socket: Request["socket"];

  constructor({ method, originalUrl, rawHeaders, socket }: Request) {
    this.method = method;
    this.url = originalUrl;
    this.rawHeaders = rawHeaders;
    this.#socket = socket;
  }

  /** Asked of the system on each new connection, so only for those who want it. */
  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }
}
