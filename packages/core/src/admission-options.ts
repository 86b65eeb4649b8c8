import type { TenancyRequest } from "./contracts/resolver.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import type { DenialCode } from "./errors/resolution-errors.ts";
import { checkKnownOptions } from "./known-options.ts";

/** How requests that are refused are answered, and who passes a maintenance. */
export interface AdmissionOptions<T extends Tenant = Tenant> {
  /** What is answered instead of the framework's own words, by code. */
  readonly answers?: RefusalAnswers<T>;
  /** Makes a page for refusals that have none of their own: HTML, for clients that ask for it. */
  readonly page?: (refusal: Refusal<T>) => string;
  /**
   * Tells the client's address where proxies stand in between, at once; the peer's when absent. Where it gives
   * `undefined`, no address passes a maintenance; anything but a text is `ConfigurationError`, answered 500.
   */
  readonly clientAddress?: (request: TenancyRequest) => string | undefined;
  /** Milliseconds that a browser passes a maintenance after its link was followed; 12 hours when absent. */
  readonly bypassMs?: number;
}

/** Why a request may be refused before its handler. */
export type RefusalCode =
  | DenialCode
  | "AMBIGUOUS_PATH"
  | "FOREIGN_CREDENTIAL"
  | "INVALID_HOST"
  | "INVALID_TENANT_REFERENCE"
  | "INVALID_TOKEN"
  | "TENANT_CONFLICT"
  | "TENANT_NOT_IDENTIFIED"
  | "TENANT_NOT_FOUND"
  | "WRONG_SIDE"
  | "REGISTRY_UNAVAILABLE"
  | "TOKEN_KEYS_UNAVAILABLE";

/** Answers by code: the same for all tenants, or made for each refusal; `undefined` keeps what there is. */
export type RefusalAnswers<T extends Tenant = Tenant> = {
  readonly [C in RefusalCode]?:
    | RefusalAnswer
    | ((refusal: Refusal<T>) => RefusalAnswer | undefined);
};

/** What is answered; what is left out stays as it is. */
export interface RefusalAnswer {
  /** From 400 to 599. */
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  /** HTML, for clients that ask for it. */
  readonly page?: string;
}

/** A refused request, and what it is answered. */
export interface Refusal<T extends Tenant = Tenant> {
  readonly code: string;
  readonly status: number;
  /** For whoever asked. */
  readonly message: string;
  /** Seconds after which to ask again. */
  readonly retryAfter: number | undefined;
  /** Who is not served; `undefined` where it is not told from an unknown one. */
  readonly tenant: T | undefined;
  readonly request: TenancyRequest;
}

/** Throws `ConfigurationError` for options that cannot be. */
export function checkAdmission(options: unknown): void {
  if (options === undefined) return;
  checkKnownOptions<AdmissionOptions>("admission", options as AdmissionOptions, {
    ...{ answers: true, page: true, clientAddress: true, bypassMs: true },
  });
  const { answers = {}, page, clientAddress, bypassMs } = options as AdmissionOptions;
  for (const [key, value] of Object.entries({ page, clientAddress })) {
    if (value === undefined || typeof value === "function") continue;
    throw new ConfigurationError(`admission.${key}`, `of type ${typeof value}`, "pass a function.");
  }
  const isPeriod = Number.isSafeInteger(bypassMs) && Number(bypassMs) >= 1_000;
  if (bypassMs !== undefined && !isPeriod) {
    const remedy = "give whole milliseconds, 1000 or more.";
    throw new ConfigurationError("admission.bypassMs", String(bypassMs), remedy);
  }
  checkKnownOptions<RefusalAnswers>("admission.answers", answers, refusalCodes);
  for (const [code, answer] of Object.entries(answers)) {
    if (answer !== undefined && typeof answer !== "function") {
      checkAnswer(`admission.answers.${code}`, answer);
    }
  }
}

/** Throws `ConfigurationError` for what cannot be answered. */
export function checkAnswer(key: string, answer: unknown): asserts answer is RefusalAnswer {
  checkKnownOptions<RefusalAnswer>(key, answer as RefusalAnswer, {
    ...{ status: true, code: true, message: true, page: true },
  });
  const { status = 400, ...texts } = answer as RefusalAnswer;
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new ConfigurationError(`${key}.status`, String(status), "give a status from 400 to 599.");
  }
  for (const [name, text] of Object.entries(texts)) {
    if (text === undefined || (typeof text === "string" && text !== "")) continue;
    throw new ConfigurationError(`${key}.${name}`, `of type ${typeof text}`, "give a text.");
  }
}

/** Every code that may be answered otherwise. */
export const refusalCodes = Object.freeze({
  ...({ TENANT_INACTIVE: true, TENANT_SUSPENDED: true, TENANT_BLOCKED: true } as const),
  ...({ TENANT_ARCHIVED: true, TENANT_EXPIRED: true, TENANT_NOT_READY: true } as const),
  ...({ TENANT_MAINTENANCE: true, TENANT_CLOSED: true, TENANT_OUTDATED: true } as const),
  ...({ INVALID_HOST: true, TENANT_NOT_IDENTIFIED: true, TENANT_NOT_FOUND: true } as const),
  ...({ WRONG_SIDE: true, REGISTRY_UNAVAILABLE: true, TOKEN_KEYS_UNAVAILABLE: true } as const),
  ...({ INVALID_TENANT_REFERENCE: true, INVALID_TOKEN: true, TENANT_CONFLICT: true } as const),
  ...({ AMBIGUOUS_PATH: true, FOREIGN_CREDENTIAL: true } as const),
}) satisfies { readonly [C in RefusalCode]: true };
