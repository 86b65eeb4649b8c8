import type { Origin } from "./contracts/bootstrapper.ts";
import type { TenancyRequest, TenantResolver } from "./contracts/resolver.ts";
import type { CheckRewritten } from "./route-rules.ts";

/** Which side a route belongs to: a tenant's, the central one, or both. */
export type RouteMode = "tenant" | "central" | "universal";

/** One request on its way through a framework; adapters translate theirs into this and decide nothing. */
export interface RequestExchange<R> {
  readonly request: TenancyRequest;
  readonly mode: RouteMode;
  readonly origin?: Origin | undefined;
  /** Tells the tenant instead of the tenancy's own resolver. */
  readonly resolver?: TenantResolver | undefined;
  /** Lets the handlers see this request target instead; called before `next` where a resolver took the tenant off it. */
  rewrite?(url: string): void;
  /** Throws where rules for routes keep handlers from this target; called before the tenant is admitted. */
  readonly checkRewritten?: CheckRewritten | undefined;
  /** Goes on to the handler; called once, inside the scope, only after the tenant was admitted. */
  next(): R;
  /** Calls back once when the response is closed, at once when it is already; `aborted` when the client left early. */
  onClosed(listener: (aborted: boolean) => void): void;
  /** Whether answers say in headers how their tenant was found. */
  readonly debugHeaders?: boolean;
  /** The answer's headers, as far as they are not sent; absent where nobody can add any. */
  readonly headers?: AnswerHeaders | undefined;
  /** Calls back once when the handler has settled; only where what `next` gives does not tell. */
  onSettled?(listener: () => void): void;
}

/** The headers of an answer that is still to be made. */
export interface AnswerHeaders {
  has(name: string): boolean;
  set(name: string, value: string): void;
  /** Adds a value beside those that are there. */
  add(name: string, value: string): void;
}
