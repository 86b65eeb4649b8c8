import {
  adapterSettings,
  handleByCallback,
  type RouteMode,
  type RouteRule,
  type Tenancy,
  type Tenant,
  type TenantResolver,
} from "@af-tenancy/core";
import type { FastifyInstance, FastifyPluginCallback, FastifyRequest, RouteOptions } from "fastify";
import fastifyPlugin from "fastify-plugin";
import { type AnswerRefusal, EXCHANGE, exchangeOf, FastifyExchange } from "./fastify-exchange.ts";
import { joinCookies } from "./reply-headers.ts";

/** How the plugin identifies. */
export interface TenancyPluginOptions {
  /** Which side the routes behind it belong to; `universal` when absent, for apps that serve both. */
  readonly mode?: RouteMode;
  /** Where another side or another resolver holds: the first rule whose path a request is below; nowhere when absent. */
  readonly routes?: readonly RouteRule[];
  /** Tells the tenant instead of the tenancy's own resolver. */
  readonly resolve?: TenantResolver;
  /** Names the request in logs and audit, such as the value of a header that your proxy sets. */
  readonly requestId?: (request: FastifyRequest) => string | undefined;
  /** Adds `X-Tenant-ID` and `X-Tenant-Cache` to answers; off when absent. */
  readonly debugHeaders?: boolean;
  /** Answers a refusal in place of the error handler; what it throws, such as the refusal itself, surfaces there. */
  readonly onFail?: AnswerRefusal;
}

/**
 * Finds the tenant of each request and runs everything behind it in that tenant's scope, until the response is closed
 * and the handler has settled. Register it once, and await that, before the routes.
 *
 * @example await app.register(tenancyPlugin(tenancy));
 * @throws ConfigurationError when the tenancy is none, an option cannot be right, or one is unknown
 */
export function tenancyPlugin<T extends Tenant>(
  tenancy: Tenancy<T>,
  options: TenancyPluginOptions = {},
): FastifyPluginCallback {
  const settings = adapterSettings("tenancyPlugin", tenancy, options);

  function identifyTenants(app: FastifyInstance, _options: object, loaded: () => void): void {
    if (!app.hasRequestDecorator(EXCHANGE)) {
      app.decorateRequest(EXCHANGE, null);
      app.addHook("onRoute", followHandler);
      if (tenancy.setsCookies) app.addHook("onSend", joinCookies);
    }
    app.addHook("onRequest", (request, reply, done) => {
      handleByCallback(tenancy, new FastifyExchange(tenancy, request, reply, done, settings));
    });
    loaded();
  }
  return fastifyPlugin(identifyTenants, { name: "@af-tenancy/fastify", fastify: ">=4.29.0 <6" });
}

/** Fastify tells nobody when a handler has settled. */
function followHandler(route: RouteOptions): void {
  const { handler } = route;
  route.handler = function followed(request, reply) {
    const result: unknown = handler.call(this, request, reply);
    exchangeOf(request)?.follow(result);
    return result;
  };
}
