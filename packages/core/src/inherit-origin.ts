import type { Origin } from "./contracts/bootstrapper.ts";
import type { Frame } from "./frame.ts";

/** Gives who acts in a scope inside a frame: as around it, but for what is said anew. */
export function inheritOrigin(frame: Frame | undefined, origin: Origin | undefined): Origin {
  if (origin === undefined) return frame?.origin ?? nobody;
  return Object.freeze({ ...frame?.origin, ...origin });
}

const nobody: Origin = Object.freeze({});
