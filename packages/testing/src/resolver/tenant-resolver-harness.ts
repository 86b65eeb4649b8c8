import type {
  CentralDomains,
  TenancyRequest,
  TenantReference,
  TenantResolver,
} from "@af-tenancy/core";
import type { LeftOut } from "../suite/group.ts";

/** How the contract gets at the resolver that it checks, and what it should answer. */
export interface TenantResolverHarness {
  create(): TenantResolver;
  /** The central host names that the resolver is given; none when absent. */
  readonly central?: CentralDomains;
  /** Requests that name a tenant; at least one. */
  readonly tenants: readonly ResolvedRequest[];
  /** Requests that belong to the central application. */
  readonly centrals?: readonly TenancyRequest[];
  /** Requests about which the resolver has no opinion; at least one. */
  readonly silent: readonly TenancyRequest[];
  /** Requests that are bad input for this resolver. */
  readonly refused?: readonly TenancyRequest[];
  readonly leftOut?: LeftOut<"name" | "opinions" | "hostile requests">;
}

/** A request and the candidates that must be found in it. */
export interface ResolvedRequest {
  readonly request: TenancyRequest;
  readonly candidates: readonly TenantReference[];
}
