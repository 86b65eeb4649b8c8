import { oneLine } from "./one-line.ts";

const brand = Symbol.for("@af-tenancy/error");

/**
 * The base of every error of the framework: a stable code, an HTTP status, and a message that says what to do. The message
 * is one line, whatever names and values it quotes.
 */
export abstract class TenancyError extends Error {
  /** Stable: part of the API and listed in the documentation. */
  abstract readonly code: string;
  /** The HTTP status that an adapter answers with. */
  readonly status: number = 500;
  /** What a client outside may read; the message itself is for logs. */
  readonly publicMessage: string = "Something went wrong on our side.";
  /** Seconds after which a client may try again. */
  readonly retryAfter: number | undefined = undefined;
  /** The same call may succeed a little later though nobody mends anything: a connection was lost, a place was taken. */
  readonly transient: boolean = false;

  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
    this.name = new.target.name;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Tells whether a value is a `TenancyError`, of whichever copy of the package. */
export function isTenancyError(value: unknown): value is TenancyError {
  return typeof value === "object" && value !== null && brand in value;
}

/** Tells whether what failed passes by itself, so that the same thing may be tried again. */
export function isTransient(error: unknown): boolean {
  return isTenancyError(error) && error.transient;
}
