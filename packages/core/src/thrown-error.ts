import { ThrownValueError } from "./errors/resolution-errors.ts";

/** Gives what a framework takes for an error: Express and Fastify go on to the handler with `undefined` and `null`. */
export function thrownError(thrown: unknown): unknown {
  return typeof thrown === "object" && thrown !== null ? thrown : new ThrownValueError(thrown);
}
