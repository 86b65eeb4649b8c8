import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type {
  HealthOptions,
  MaybePromise,
  RouteMode,
  RouteRule,
  Tenancy,
  Tenant,
  TenantResolver,
} from "@af-tenancy/core";
import type { LeftOut } from "../suite/group.ts";
import type { AdapterResolvers } from "./adapter-resolvers.ts";

/** How the contract has an application made with the framework whose adapter it checks. */
export interface AdapterHarness {
  /**
   * Makes the application, not listening yet: the adapter first, then what reads JSON bodies, then the routes, and a
   * fallback that answers 404 with `{ "error": { "code": "NOT_FOUND", "message": "There is nothing here." } }`; the
   * adapter's error handler answers errors.
   */
  serve(application: AdapterApplication): MaybePromise<ServedApplication>;
  /** Everything that `@af-tenancy/resolvers` exports. */
  readonly resolvers: AdapterResolvers;
  /** Everything of the adapter's that is made from a tenancy, the one that takes `options` first. */
  readonly factories: readonly [
    (tenancy: Tenancy<Tenant>, options?: object) => object,
    ...((tenancy: Tenancy<Tenant>) => object)[],
  ];
  /** The framework shows when a handler has settled, so that scopes wait for it. */
  readonly showsSettled: boolean;
  readonly leftOut?: LeftOut<AdapterGroup>;
}

/** The groups of the contract. */
export type AdapterGroup =
  | "options"
  | "identification"
  | "resolvers"
  | "paths"
  | "shared caches"
  | "cookie hints"
  | "origins"
  | "routes"
  | "refusals"
  | "answers"
  | "maintenance"
  | "scopes"
  | "bodies"
  | "streams"
  | "connections"
  | "upgrades"
  | "health"
  | "closing"
  | "hostile requests";

/** An application as the contract wants it. */
export interface AdapterApplication {
  readonly tenancy: Tenancy<Tenant>;
  /** The adapter's option; `universal` when absent. */
  readonly mode?: RouteMode;
  /** The adapter's option `routes`. */
  readonly rules?: readonly RouteRule[];
  /** The adapter's option. */
  readonly resolve?: TenantResolver;
  /** Resolvers take the tenant off the path, which some frameworks have to be told when the application is made. */
  readonly rewritten?: boolean;
  /** What the adapter's option `onFail` answers as JSON; where it gives nothing, `onFail` throws the refusal. */
  readonly failWith?: (error: unknown) => FailureAnswer | undefined;
  /** What a session middleware before the adapter puts into `session` of the framework's request or context. */
  readonly session?: object;
  /** The header that the adapter's option `requestId` reads. */
  readonly requestIdHeader?: string;
  /** How often the adapter is mounted before the routes; once when absent. */
  readonly mounted?: number;
  /** Another tenancy whose adapter is mounted inside of this one's. */
  readonly inner?: Tenancy<Tenant>;
  /** What reads bodies stands before the adapter, where the framework leaves the choice. */
  readonly parsersFirst?: boolean;
  /** The adapter's option. */
  readonly debugHeaders?: boolean;
  /** What the framework's CORS library asks, which stands behind the adapter; without one when absent. */
  readonly allowsOrigin?: (origin: string | undefined) => Promise<boolean>;
  /** Mounts the adapter's handlers: `/live` and `/ready` outside of the tenancy, `/health` for tenants. */
  readonly health?: HealthOptions;
  readonly routes: readonly AdapterRoute[];
  /** Answers whatever no route does, of any method, instead of the plain 404. */
  readonly fallback?: AdapterRoute["handle"];
}

/** A route of the application. */
export interface AdapterRoute {
  readonly method: "GET" | "POST";
  /** Parameters are written as `:name`, in all frameworks alike. */
  readonly path: string;
  /** The adapter stands before this route alone, in this mode. */
  readonly identified?: RouteMode;
  /** Runs where the framework has a parameter `note` become what it names, such as `app.param` of Express. */
  readonly bind?: (note: string) => string | undefined;
  /** The adapter's guard that stands before the handler; none when absent. */
  readonly only?: "tenant" | "central";
  /**
   * Gives what is answered, a stream as it is and anything else as JSON; throws what the error handler answers. With
   * `byHand` it answers on `response` itself, and what it gives is ignored.
   */
  readonly handle: (call: AdapterCall) => MaybePromise<object | string | null | undefined | void>;
  readonly byHand?: boolean;
}

/** A request as a route sees it. */
export interface AdapterCall {
  /** The parsed body; `undefined` where there is none. */
  readonly body: unknown;
  /** As handlers see it: without what a resolver took off. */
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  /** What `bind` gave. */
  readonly bound: string | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** An answer in place of an error. */
export interface FailureAnswer {
  readonly status: number;
  readonly body: object;
}

/** An application that was made and does not listen yet. */
export interface ServedApplication {
  readonly server: Server;
  /** Lets go of what the framework holds beside the server. */
  close?(): MaybePromise<void>;
}
