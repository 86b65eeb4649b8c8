import { ConfigurationError, checkKnownOptions, type TenantResolver } from "@af-tenancy/core";
import { checkText } from "./option-text.ts";
import { checkBy, tenantNames } from "./tenant-name.ts";

/** How `sessionResolver` reads a session. */
export interface SessionResolverOptions {
  /** The property of the session that names the tenant; `tenantId` when absent. */
  readonly property?: string;
  /** What it is: `id` when absent; `slug`, `domain`, or an attribute that the store declares. */
  readonly by?: string;
}

/**
 * Finds the tenant that the application wrote into the session, as of express-session, koa-session and @fastify/session;
 * the session has to be mounted before the tenancy. A session that names none has no opinion.
 *
 * @example sessionResolver({ property: "tenantId" })
 * @throws ConfigurationError when an option cannot be right; from `resolve`, when there is no session at all.
 * @throws InvalidReferenceError from `resolve`, when the property is no name of a tenant.
 */
export function sessionResolver(options: SessionResolverOptions = {}): TenantResolver {
  checkKnownOptions<SessionResolverOptions>("sessionResolver", options, {
    property: true,
    by: true,
  });
  const { property = "tenantId", by = "id" } = options;
  checkText("sessionResolver.property", property, "tenantId");
  checkBy("sessionResolver.by", by);
  const checkedName = tenantNames(`session's "${property}"`, by);
  return {
    name: "session",
    varies: ["Cookie"],
    resolve({ source }) {
      // A request that came through no framework has no session.
      if (source === undefined) return undefined;
      const session = sessionOf(source);
      if (!Object.hasOwn(session, property)) return undefined;
      const value = (session as Readonly<Record<string, unknown>>)[property];
      if (value === undefined || value === null) return undefined;
      return { kind: "tenant", candidates: [{ by, value: checkedName(value) }] };
    },
  };
}

function sessionOf(source: unknown): object {
  const { session } = Object(source) as { readonly session?: unknown };
  if (typeof session === "object" && session !== null) return session;
  throw new ConfigurationError(
    "resolve",
    "a sessionResolver, and the request has no session",
    "mount the session before the tenancy.",
  );
}
