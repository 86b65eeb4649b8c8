import { checkTenancy } from "./check-tenancy.ts";
import type { Origin } from "./contracts/bootstrapper.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { checkKnownOptions } from "./known-options.ts";
import type { RouteMode } from "./request-journey.ts";

/** What the options of an adapter come to, after they were checked; `Q` is the framework's request. */
export interface AdapterSettings<Q> {
  readonly mode: RouteMode;
  /** Gives what `requestId` says of a request. */
  originOf(request: Q): Origin | undefined;
}

/** The options that every adapter has, whatever it calls them. */
interface AdapterChoices<Q> {
  readonly mode?: RouteMode;
  readonly requestId?: (request: Q) => string | undefined;
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
  checkKnownOptions<AdapterChoices<Q>>(factory, options, { mode: true, requestId: true });
  const { mode = "universal", requestId } = options;
  if (!["tenant", "central", "universal"].includes(mode)) {
    throw new ConfigurationError("mode", `"${mode}"`, 'use "tenant", "central" or "universal".');
  }
  if (requestId !== undefined && typeof requestId !== "function") {
    throw new ConfigurationError("requestId", `of type ${typeof requestId}`, "pass a function.");
  }
  return {
    mode,
    originOf(request) {
      const id = requestId?.(request);
      return id === undefined ? undefined : { requestId: id };
    },
  };
}
