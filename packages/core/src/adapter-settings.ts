import { checkTenancy } from "./check-tenancy.ts";
import type { Origin } from "./contracts/bootstrapper.ts";
import type { TenantResolver } from "./contracts/resolver.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { checkKnownOptions } from "./known-options.ts";
import type { RouteMode } from "./request-exchange.ts";
import { type RouteChoices, type RouteRule, routeChoices } from "./route-rules.ts";

/** What the options of an adapter come to; `Q` is the framework's request, `F` how the application answers refusals. */
export interface AdapterSettings<Q, F = unknown> extends RouteChoices {
  /** Whether answers say in `X-Tenant-ID` and `X-Tenant-Cache` how their tenant was found. */
  readonly debugHeaders: boolean;
  /** Answers a refusal instead of the framework's error handling; the refusal surfaces when `undefined`. */
  readonly onFail: F | undefined;
  /** Gives what `requestId` says of a request. */
  originOf(request: Q): Origin | undefined;
}

/** The options that every adapter has, whatever it calls them. */
interface AdapterChoices<Q, F> {
  readonly mode?: RouteMode;
  readonly routes?: readonly RouteRule[];
  readonly resolve?: TenantResolver;
  readonly requestId?: (request: Q) => string | undefined;
  readonly debugHeaders?: boolean;
  readonly onFail?: F;
}

/**
 * Checks what an adapter was given when the application is built; `factory` is the adapter's function, named in errors.
 * Throws `ConfigurationError` when the tenancy is none, an option cannot be right, or one is unknown.
 */
export function adapterSettings<Q, F = unknown>(
  factory: string,
  tenancy: { readonly handle?: unknown } | undefined,
  options: AdapterChoices<Q, F>,
): AdapterSettings<Q, F> {
  checkTenancy(tenancy);
  checkKnownOptions<AdapterChoices<Q, F>>(factory, options, {
    mode: true,
    routes: true,
    resolve: true,
    requestId: true,
    debugHeaders: true,
    onFail: true,
  });
  const { mode = "universal", routes, resolve, requestId, debugHeaders = false, onFail } = options;
  checkFunction("requestId", requestId);
  checkFunction("onFail", onFail);
  if (typeof debugHeaders !== "boolean") {
    throw new ConfigurationError("debugHeaders", String(debugHeaders), "pass true or false.");
  }
  return {
    debugHeaders,
    onFail,
    ...routeChoices(routes, { mode, resolver: resolve }),
    originOf(request) {
      const id = requestId?.(request);
      return id === undefined ? undefined : { requestId: id };
    },
  };
}

function checkFunction(key: string, value: unknown): void {
  if (value === undefined || typeof value === "function") return;
  throw new ConfigurationError(key, `of type ${typeof value}`, "pass a function.");
}
