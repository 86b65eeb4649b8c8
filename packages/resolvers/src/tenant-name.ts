import { ConfigurationError } from "@af-tenancy/core";
import { InvalidReferenceError } from "./errors.ts";
import { parseHost, type RefuseHost } from "./parse-host.ts";

/** What gives the name of a tenant that a request brought, or throws `InvalidReferenceError`. */
export type CheckedName = (value: unknown) => string;

/**
 * Makes the check of names that stand at one place of requests, such as `header "X-Tenant"`. A domain has to be a host
 * name, everything else 1 to 128 letters, digits and any of `_-.@+~`, not beginning with a sign of punctuation. What every
 * object has a property of, such as `constructor`, is refused, whatever a store of the application's own does with it.
 */
export function tenantNames(place: string, by: string): CheckedName {
  const refuse = (value: string, reason: string): never => {
    throw new InvalidReferenceError(place, value, reason);
  };
  const refuseHost: RefuseHost = refuse;
  return function checkedName(value) {
    if (typeof value !== "string")
      return refuse(`a value of type ${typeof value}`, "it is no text");
    if (value === "") return refuse(value, "it is empty");
    if (by === "domain") {
      const host = parseHost(value, refuseHost);
      return host.length === value.length ? host : refuse(value, "it has a port or ends in a dot");
    }
    if (!name.test(value)) return refuse(value, rule);
    return value in Object.prototype
      ? refuse(value, "it is the name of what every object has")
      : value;
  };
}

/** Checks what `by` is when a resolver is made; throws `ConfigurationError`. */
export function checkBy(key: string, by: unknown): void {
  if (typeof by === "string" && /^[A-Za-z]\w{0,63}$/.test(by)) return;
  const shown = typeof by === "string" ? JSON.stringify(by.slice(0, 60)) : `of type ${typeof by}`;
  throw new ConfigurationError(
    key,
    shown,
    'use "id", "slug", "domain", or an attribute that the store declares.',
  );
}

const name = /^[A-Za-z0-9_-][A-Za-z0-9_.@+~-]{0,127}$/;
const rule = 'use 1 to 128 letters, digits and any of "_-.@+~"';
