import { checkTenancy } from "./check-tenancy.ts";
import type { Origin } from "./contracts/bootstrapper.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { checkKnownOptions } from "./known-options.ts";
import type { RouteMode } from "./request-journey.ts";

/** What the options of an adapter come to, after they were checked; `Q` is the framework's request. */
export interface AdapterSettings<Q> {
  readonly mode: RouteMode;
  /** Whether answers say in `X-Tenant-ID` and `X-Tenant-Cache` how their tenant was found. */
  readonly debugHeaders: boolean;
  /** Gives what `requestId` says of a request. */
  originOf(request: Q): Origin | undefined;
}

/** The options that every adapter has, whatever it calls them. */
interface AdapterChoices<Q> {
  readonly mode?: RouteMode;
  readonly requestId?: (request: Q) => string | undefined;
  readonly debugHeaders?: boolean;
}

/**
 * Checks what an adapter was given when the application is built; `factory` is the adapter's function, named in errors.
 * Throws `ConfigurationError` when the tenancy is none, the mode is not one of the three, or an option is unknown.
 */
export function adapterSettings<Q>(
  factory: string,
  tenancy: { readonly handle?: unknown } | undefined,
  options: AdapterChoices<Q>,
): AdapterSettings<Q> {
  checkTenancy(tenancy);
  checkKnownOptions<AdapterChoices<Q>>(factory, options, {
    mode: true,
    requestId: true,
    debugHeaders: true,
  });
  const { mode = "universal", requestId, debugHeaders = false } = options;
  if (!["tenant", "central", "universal"].includes(mode)) {
    throw new ConfigurationError("mode", `"${mode}"`, 'use "tenant", "central" or "universal".');
  }
  if (requestId !== undefined && typeof requestId !== "function") {
    throw new ConfigurationError("requestId", `of type ${typeof requestId}`, "pass a function.");
  }
  if (typeof debugHeaders !== "boolean") {
    throw new ConfigurationError("debugHeaders", String(debugHeaders), "pass true or false.");
  }
  return {
    mode,
    debugHeaders,
    originOf(request) {
      const id = requestId?.(request);
      return id === undefined ? undefined : { requestId: id };
    },
  };
}
