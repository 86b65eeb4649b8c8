import {
  type AdapterSettings,
  type AnswerHeaders,
  answerRefusal,
  type CallbackExchange,
  type CheckRewritten,
  HttpRequest,
  isThenable,
  type MaybePromise,
  type Origin,
  onClosed,
  type RouteMode,
  type Tenancy,
  type TenantResolver,
} from "@af-tenancy/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { ReplyHeaders } from "./reply-headers.ts";

/** How the application answers a refusal; what it throws surfaces. */
export type AnswerRefusal = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) => MaybePromise<void>;

/** Where a request keeps its exchange. */
export const EXCHANGE = Symbol("@af-tenancy/fastify");

/** One request of Fastify on its way through the tenancy. */
export class FastifyExchange implements CallbackExchange {
  readonly request: HttpRequest;
  readonly mode: RouteMode;
  readonly resolver: TenantResolver | undefined;
  readonly checkRewritten: CheckRewritten | undefined;
  readonly origin: Origin | undefined;
  readonly debugHeaders: boolean;
  entered = false;
  readonly #tenancy: Pick<Tenancy, "report">;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #done: (error?: Error) => void;
  readonly #onFail: AnswerRefusal | undefined;
  #onSettled: (() => void) | undefined;
  #running = false;

  constructor(
    tenancy: Pick<Tenancy, "report">,
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
    settings: AdapterSettings<FastifyRequest, AnswerRefusal>,
  ) {
    this.request = new HttpRequest(request.raw, request.originalUrl, request);
    const { mode, resolver } = settings.choiceOf(this.request);
    this.mode = mode;
    this.resolver = resolver;
    // Without `rewriteTenantUrl`, routes see what was asked for.
    const isRewritten = settings.checkRewritten && request.url !== this.request.url;
    this.checkRewritten = isRewritten ? settings.checkRewritten : undefined;
    this.origin = settings.originOf(request);
    this.debugHeaders = settings.debugHeaders;
    this.#tenancy = tenancy;
    this.#request = request;
    this.#reply = reply;
    this.#done = done;
    this.#onFail = settings.onFail;
  }

  get headers(): AnswerHeaders {
    return new ReplyHeaders(this.#reply);
  }

  next(): void {
    this.entered = true;
    keep(this.#request, this);
    this.#done();
  }

  refuse(error: unknown): void {
    const onFail = this.#onFail;
    const surface = (failure: unknown) => this.#done(failure as Error);
    if (onFail === undefined) surface(error);
    else answerRefusal(() => onFail(error, this.#request, this.#reply), surface);
  }

  onClosed(listener: (aborted: boolean) => void): void {
    onClosed(this.#reply.raw, (aborted) => {
      if (!this.#running) this.#settle();
      listener(aborted);
    });
  }

  onSettled(listener: () => void): void {
    this.#onSettled = listener;
  }

  /** Waits for a handler; an answer that it began and cannot end is cut short. */
  follow(result: unknown): void {
    if (!isThenable(result)) return;
    this.#running = true;
    void result.then(this.#settle, (error: unknown) => {
      const { raw } = this.#reply;
      if (raw.headersSent && !raw.writableEnded) {
        this.#tenancy.report(error);
        raw.destroy();
      }
      this.#settle();
    });
  }

  readonly #settle = () => {
    this.#running = false;
    this.#onSettled?.();
    this.#onSettled = undefined;
  };
}

interface Keeping {
  [EXCHANGE]: FastifyExchange | null;
}

/** Gives the exchange that a request is on; none before it has reached its tenant. */
export function exchangeOf(request: FastifyRequest): FastifyExchange | null {
  return (request as unknown as Keeping)[EXCHANGE];
}

/** The first one stays: another one inside of it ends nothing. */
function keep(request: FastifyRequest, exchange: FastifyExchange): void {
  (request as unknown as Keeping)[EXCHANGE] ??= exchange;
}
