// Frameworks

export { type ExpressSessionModule, expressSession } from "./express-session.ts";
export {
  type FastifyApplication,
  type FastifySessionModule,
  fastifySession,
} from "./fastify-session.ts";
export { type KoaApplication, type KoaSessionModule, koaSession } from "./koa-session.ts";
export type { TenantSessionOptions } from "./session-options.ts";
export type { SessionStore } from "./session-records.ts";

// Errors

export {
  SessionCookieDoubledError,
  SessionOutsideTenancyError,
  SessionStoreUnavailableError,
  SessionTenantMismatchError,
} from "./errors.ts";
