import {
  type OperationContext,
  type OperationStep,
  type Placement,
  StaleOperationError,
} from "@af-tenancy/core";
import type { KindStep } from "./operation-kind.ts";

/** Makes a step of the application one that never works on what another process has taken over. */
export function fencedStep({ name, run }: OperationStep): KindStep {
  return {
    name,
    async run(context) {
      beginning(context);
      await run(context);
    },
  };
}

/** The tenant of an operation that begins it, with the database that is its own. */
export function ownDatabase(context: Working): OwnDatabase {
  const { tenant } = beginning(context);
  const { placement } = tenant;
  if (placement === undefined) throw new StaleOperationError(context.operation.id);
  return { tenant, placement };
}

/** Of two processes that work on one tenant the replaced one must never touch the other's database. */
export function beginning<C extends Working>(context: C): C {
  const { tenant, operation } = context;
  const { placement, status } = tenant;
  const isReplaced = placement !== undefined && placement.generation !== operation.generation;
  if (isReplaced || status !== "provisioning") throw new StaleOperationError(operation.id);
  return context;
}

type Working = Pick<OperationContext, "tenant" | "operation">;

interface OwnDatabase {
  readonly tenant: OperationContext["tenant"];
  readonly placement: Placement;
}
