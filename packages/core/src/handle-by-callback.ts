import type { Tenant } from "./contracts/tenant.ts";
import { isThenable } from "./maybe-promise.ts";
import type { RequestExchange } from "./request-exchange.ts";
import type { Tenancy } from "./tenancy.ts";
import { thrownError } from "./thrown-error.ts";

/** A request of a framework whose middleware goes on by calling back and not by what it returns. */
export interface CallbackExchange extends RequestExchange<void> {
  /** Whether `next` was called. */
  readonly entered: boolean;
  /** Hands a refusal to the framework. */
  refuse(error: unknown): void;
}

/** For adapters: has a request handled, and refused by its framework; an error of the application stays where it happened. */
export function handleByCallback<T extends Tenant>(
  tenancy: Pick<Tenancy<T>, "handle">,
  exchange: CallbackExchange,
): void {
  try {
    const handled = tenancy.handle(exchange);
    if (isThenable(handled)) void handled.then(undefined, (error) => refuse(exchange, error));
  } catch (error) {
    refuse(exchange, error);
  }
}

function refuse(exchange: CallbackExchange, error: unknown): void {
  if (exchange.entered) throw error;
  exchange.refuse(thrownError(error));
}
