import { isTenancyError } from "./errors/tenancy-error.ts";

/** What a client is told of an error; the same in every framework. */
export interface ErrorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: { readonly code: string; readonly message: string } };
}

/**
 * Translates an error for a client: a tenancy error by its code, status and public message, a client error of the
 * framework (4xx) by its status, everything else as a plain 500. The error's own message stays inside.
 */
export function errorResponse(error: unknown): ErrorResponse {
  if (isTenancyError(error)) {
    const told = response(error.status, error.code, error.publicMessage, error.retryAfter);
    const { headers } = error as { readonly headers?: ErrorResponse["headers"] };
    return { ...told, headers: { ...told.headers, ...headers } };
  }
  const status = clientStatus(error);
  if (status === undefined)
    return response(500, "INTERNAL_ERROR", "Something went wrong on our side.");
  const [code, message] = clientErrors[status] ?? malformed;
  return response(status, code, message);
}

type ClientError = readonly [code: string, message: string];

const malformed: ClientError = ["BAD_REQUEST", "The request is malformed."];

/** What frameworks refuse before the application sees it. */
const clientErrors: Readonly<Record<number, ClientError>> = {
  413: ["PAYLOAD_TOO_LARGE", "The request body is too large."],
  415: ["UNSUPPORTED_MEDIA_TYPE", "The request body has an encoding that is not supported."],
};

function response(
  status: number,
  code: string,
  message: string,
  retryAfter?: number,
): ErrorResponse {
  const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return { status, headers, body: { error: { code, message } } };
}

function clientStatus(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { status, statusCode } = error as {
    readonly status?: unknown;
    readonly statusCode?: unknown;
  };
  return [status, statusCode].find(isClientStatus);
}

function isClientStatus(status: unknown): status is number {
  return typeof status === "number" && status >= 400 && status < 500;
}
