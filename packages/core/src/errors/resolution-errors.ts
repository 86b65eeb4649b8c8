import type { Tenant } from "../contracts/tenant.ts";
import { TenancyError } from "./tenancy-error.ts";

const unknownTenant = "There is nothing here.";

/** Thrown when the `Host` of a request is missing, doubled or malformed. */
export class InvalidHostError extends TenancyError {
  readonly code = "INVALID_HOST";
  override readonly status = 400;
  override readonly publicMessage = "The Host header is invalid.";

  constructor(host: string, reason: string) {
    super(
      `The host ${JSON.stringify(host)} is invalid: ${reason}. Send one ASCII host name, optionally with a port.`,
    );
  }
}

/** Thrown when no resolver has an opinion about a request. */
export class TenantNotIdentifiedError extends TenancyError {
  readonly code = "TENANT_NOT_IDENTIFIED";
  override readonly status = 400;
  override readonly publicMessage = "The request does not say which tenant it is for.";

  constructor(resolver: string) {
    super(
      `The resolver "${resolver}" cannot tell the tenant of this request: check the resolver, or list the host in ` +
        "createTenancy({ central }).",
    );
  }
}

/** Thrown when no tenant answers to a reference; outside, deleted and unverified ones look the same. */
export class TenantNotFoundError extends TenancyError {
  readonly code = "TENANT_NOT_FOUND";
  override readonly status = 404;
  override readonly publicMessage = unknownTenant;

  constructor(by: string, value: string) {
    super(
      `There is no tenant with ${by} ${JSON.stringify(value)}: check the value, or create the tenant first.`,
    );
  }
}

/** Thrown when resolvers of which all have to agree do not mean the same tenant. */
export class TenantConflictError extends TenancyError {
  readonly code = "TENANT_CONFLICT";
  override readonly status = 400;
  override readonly publicMessage = "The request names more than one tenant.";

  constructor(meant: readonly string[]) {
    super(
      `The resolvers disagree (${meant.join(", ")}): send a request that names one tenant, or take firstOf() if the ` +
        "first opinion is to count.",
    );
  }
}

/** Thrown when credentials name another tenant than the resolvers that have to agree with them. */
export class ForeignCredentialError extends TenancyError {
  readonly code = "FOREIGN_CREDENTIAL";
  override readonly status = 401;
  override readonly publicMessage = "These credentials are not for this address.";

  constructor(meant: readonly string[]) {
    super(
      `The request brings credentials of another tenant (${meant.join(", ")}): sign in at the tenant that the request is ` +
        "for.",
    );
  }
}

/** Stands for what was thrown on the way to a handler and is no error, which a framework would take for none. */
export class ThrownValueError extends TenancyError {
  readonly code = "THROWN_VALUE";

  constructor(thrown: unknown) {
    super(
      `A resolver, listener or other function that requests pass was left with ${JSON.stringify(thrown) ?? "undefined"}: ` +
        "throw an Error, or reject with one.",
    );
  }
}

/** Thrown when a central route is asked for on a tenant's host, or a tenant's route on a central one. */
export class WrongSideError extends TenancyError {
  readonly code = "WRONG_SIDE";
  override readonly status = 404;
  override readonly publicMessage = unknownTenant;

  constructor(mode: string, side: string) {
    super(
      `A ${mode} route was asked for on the ${side} side: mount it as "universal" if it belongs to both.`,
    );
  }
}

/** Thrown when a path is below rules for routes of which not all can hold; without rules it is never thrown. */
export class AmbiguousPathError extends TenancyError {
  readonly code = "AMBIGUOUS_PATH";
  override readonly status = 400;
  override readonly publicMessage = "The path of the request is ambiguous.";

  /** `reason` says which rules, and why they meet. */
  constructor(path: string, reason: string) {
    super(
      `The path ${JSON.stringify(path.slice(0, 200))} is ambiguous: ${reason}. Ask for it as the rule spells it, or give ` +
        "these routes one rule.",
    );
  }
}

/** Why a known tenant is not served. */
export type DenialCode =
  | "TENANT_INACTIVE"
  | "TENANT_SUSPENDED"
  | "TENANT_BLOCKED"
  | "TENANT_ARCHIVED"
  | "TENANT_EXPIRED"
  | "TENANT_NOT_READY"
  | "TENANT_MAINTENANCE"
  | "TENANT_CLOSED"
  | "TENANT_OUTDATED";

/** Thrown when a tenant exists and may not be served now. */
export class TenantDeniedError extends TenancyError {
  readonly code: DenialCode;
  override readonly status: number;
  override readonly publicMessage: string;
  override readonly retryAfter: number | undefined;
  readonly tenantId: string;
  /** Kept from logs, which print what is not private. */
  readonly #tenant: Tenant | undefined;

  /** `tenant` is for answers that differ by tenant. */
  constructor(tenantId: string, denial: Denial, tenant?: Tenant) {
    super(`Tenant "${tenantId}" is not served (${denial.code}): ${denial.remedy}`);
    this.tenantId = tenantId;
    this.#tenant = tenant;
    this.code = denial.code;
    this.status = denial.status;
    this.publicMessage = denial.publicMessage;
    this.retryAfter = denial.retryAfter;
  }

  /** Who is not served, where whoever threw this had its record. */
  get tenant(): Tenant | undefined {
    return this.#tenant;
  }
}

/** Thrown for a link that lets a browser pass a maintenance: the answer is a cookie, and the way to go on. */
export class MaintenanceBypassedError extends TenancyError {
  readonly code = "MAINTENANCE_BYPASSED";
  override readonly status = 303;
  override readonly publicMessage = "Go on.";
  readonly #headers: Readonly<Record<string, string>>;

  /** `location` is a path of the same host; `cookie` is never in the message. */
  constructor(tenantId: string, location: string, cookie: string) {
    super(`A browser passes the maintenance of tenant "${tenantId}": send it on to the Location.`);
    this.#headers = Object.freeze({ location, "set-cookie": cookie, "cache-control": "no-store" });
  }

  /** Headers of the answer. */
  get headers(): Readonly<Record<string, string>> {
    return this.#headers;
  }
}

/** A refusal by one admission check. */
export interface Denial {
  readonly code: DenialCode;
  readonly status: number;
  readonly publicMessage: string;
  /** What the operator can do about it. */
  readonly remedy: string;
  readonly retryAfter: number | undefined;
}

/** Thrown when the registry cannot be asked, so that an unknown tenant is never confused with an unreachable one. */
export class RegistryUnavailableError extends TenancyError {
  readonly code = "REGISTRY_UNAVAILABLE";
  override readonly status = 503;
  override readonly publicMessage = "The service is not available right now; try again soon.";
  override readonly retryAfter = 5;
  override readonly transient: boolean;

  /** `transient` says that the way to the registry was lost, and not that it refused something. */
  constructor({ transient = false, ...options }: ErrorOptions & { readonly transient?: boolean }) {
    super(
      "The tenant registry cannot be read: see the cause, and check its server and file.",
      options,
    );
    this.transient = transient;
  }
}
