import { UnknownOperationError } from "@af-tenancy/core";
import type { OperationKind } from "./operation-kind.ts";
import type { Workplace } from "./workplace.ts";

/** Gives what is registered under a kind of operation; throws `UnknownOperationError`. */
export function requireKind({ kinds }: Workplace, kind: string): OperationKind {
  const found = kinds.get(kind);
  if (found === undefined) throw new UnknownOperationError(String(kind));
  return found;
}
