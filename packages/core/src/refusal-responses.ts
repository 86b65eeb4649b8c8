import {
  type AdmissionOptions,
  checkAnswer,
  type Refusal,
  type RefusalAnswer,
  type RefusalCode,
  refusalCodes,
} from "./admission-options.ts";
import type { TenancyRequest } from "./contracts/resolver.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { type ErrorResponse, errorResponse } from "./error-response.ts";
import { ConfigurationError, TenancyClosedError } from "./errors/configuration-errors.ts";
import { TenantDeniedError } from "./errors/resolution-errors.ts";
import { isThenable } from "./maybe-promise.ts";
import { prefersHtml } from "./prefers-html.ts";

/** What a client is told of an error: JSON, or the page that the application has for it. */
export interface RequestErrorResponse extends Omit<ErrorResponse, "body"> {
  /** A text is HTML. */
  readonly body: ErrorResponse["body"] | string;
  /** To be reported: a 5xx that is no tenant's refusal, which was told as `denied`, nor that of an orderly stop. */
  readonly isFailure: boolean;
}

/** Answers refusals in the words and with the pages of the application, and every other error as `errorResponse` does. */
export class RefusalResponses<T extends Tenant> {
  readonly #options: AdmissionOptions<T>;
  readonly #failed: (error: unknown) => void;

  /** `failed` hears what the application's functions throw; the framework's own answer is given then. */
  constructor(options: AdmissionOptions<T>, failed: (error: unknown) => void) {
    this.#options = options;
    this.#failed = failed;
  }

  of(error: unknown, request: TenancyRequest): RequestErrorResponse {
    const found = errorResponse(error);
    const isFailure = found.status >= 500 && !isExpected(error);
    const { code } = found.body.error;
    if (!Object.hasOwn(refusalCodes, code)) return { ...found, isFailure };
    // A shared cache would go on refusing a tenant that is there by now, or somebody else's.
    const plain = { ...found, headers: { ...found.headers, "cache-control": "no-store" } };
    try {
      return { ...this.#answer(plain, code as RefusalCode, error, request), isFailure };
    } catch (failure) {
      this.#failed(failure);
      return { ...plain, isFailure };
    }
  }

  #answer(
    plain: ErrorResponse,
    code: RefusalCode,
    error: unknown,
    request: TenancyRequest,
  ): Omit<RequestErrorResponse, "isFailure"> {
    const { answers, page: makePage } = this.#options;
    const { message } = plain.body.error;
    const retryAfter = (error as { readonly retryAfter?: number }).retryAfter;
    const tenant = error instanceof TenantDeniedError ? (error.tenant as T | undefined) : undefined;
    const refusal: Refusal<T> = {
      ...{ code, status: plain.status, message, retryAfter, tenant, request },
    };
    const own = answers?.[code];
    const answer = typeof own === "function" ? own(refusal) : own;
    if (typeof own === "function" && answer !== undefined) {
      const key = `admission.answers.${code}()`;
      if (isThenable(answer)) throw laterOr(answer, key, "give an answer");
      checkAnswer(key, answer);
    }
    const { page, ...words }: RefusalAnswer = answer ?? {};
    const worded = {
      ...refusal,
      code: words.code ?? code,
      status: words.status ?? plain.status,
      message: words.message ?? message,
    };
    const body = { error: { code: worded.code, message: worded.message } };
    if (page === undefined && makePage === undefined) {
      return { status: worded.status, headers: plain.headers, body };
    }
    const headers = { ...plain.headers, vary: "Accept" };
    if (!prefersHtml(request)) return { status: worded.status, headers, body };
    return {
      status: worded.status,
      headers: { ...headers, "content-type": "text/html; charset=utf-8" },
      body: page ?? checkedPage(makePage?.(worded)),
    };
  }
}

function isExpected(error: unknown): boolean {
  if (error instanceof TenancyClosedError) return error.isOver;
  return error instanceof TenantDeniedError;
}

/** A refusal is answered at once: what a promise would give comes too late, and what it throws is nobody's. */
function checkedPage(page: unknown = ""): string {
  if (typeof page === "string") return page;
  throw laterOr(page, "admission.page()", "give a text of HTML");
}

/** The error of an answer that is a promise, whose own failure is left to it, or of another type. */
function laterOr(given: unknown, key: string, remedy: string): ConfigurationError {
  if (!isThenable(given)) {
    return new ConfigurationError(key, `of type ${typeof given}`, `${remedy}.`);
  }
  void given.then(undefined, () => undefined);
  return new ConfigurationError(key, "a promise", `${remedy} at once, without waiting.`);
}
