import {
  ConfigurationError,
  checkKnownOptions,
  headerValues,
  type TenantResolver,
} from "@af-tenancy/core";
import { InvalidReferenceError } from "./errors.ts";
import { checkToken } from "./option-text.ts";
import { checkBy, tenantNames } from "./tenant-name.ts";

/** How `headerResolver` reads a request. */
export interface HeaderResolverOptions {
  /** The name of the header, such as `X-Tenant`. */
  readonly header: string;
  /** What its value is: `slug` when absent; `id`, `domain`, or an attribute that the store declares. */
  readonly by?: string;
}

/**
 * Finds the tenant in a header of its own. Anybody can send one, so it has to be wrapped in `trusted`.
 *
 * @example trusted(headerResolver({ header: "X-Tenant" }), { peers: ["10.0.0.0/8"] })
 * @throws ConfigurationError when an option cannot be right, or the header is one that is there for something else.
 * @throws InvalidReferenceError from `resolve`, when the header is doubled or names no tenant.
 */
export function headerResolver(options: HeaderResolverOptions): TenantResolver {
  checkKnownOptions<HeaderResolverOptions>("headerResolver", options, { header: true, by: true });
  const { header, by = "slug" } = options;
  checkToken("headerResolver.header", header, "X-Tenant");
  checkBy("headerResolver.by", by);
  const wanted = header.toLowerCase();
  if (otherResolvers.includes(wanted)) {
    throw new ConfigurationError(
      "headerResolver.header",
      `"${header}"`,
      "it is there for something else: use the resolver that reads it.",
    );
  }
  const place = `header "${header}"`;
  const checkedName = tenantNames(place, by);
  return {
    name: "header",
    spoofable: `the ${place}`,
    varies: [header],
    resolve({ rawHeaders }) {
      const values = headerValues(rawHeaders, wanted);
      if (values.length === 0) return undefined;
      if (values.length > 1) {
        throw new InvalidReferenceError(place, values.join(", "), "it was sent more than once");
      }
      return { kind: "tenant", candidates: [{ by, value: checkedName(values[0]) }] };
    },
  };
}

const otherResolvers: readonly string[] = [
  "host",
  "x-forwarded-host",
  "forwarded",
  "cookie",
  "origin",
  "authorization",
];
