import type { Tenancy, Tenant } from "../../src/index.ts";

/** The module under test: the source, or a copy of it from which a guard was taken away. */
export type Core = typeof import("../../src/index.ts");

/** The tenancy that one interleaving works with. */
export type TenancyUnderTest = Tenancy<Tenant>;

/** The tenants of every interleaving, by slug. */
export const names = ["acme", "globex", "initech"] as const;

/** One of them. */
export type Name = (typeof names)[number];

/** The primary keys, equal in every tenant. */
export const keys = [1, 2] as const;

/** Makes the value that marks whatever a tenant writes. */
export function canary(name: string, number: number): string {
  return `CANARY_${name}_${number}`;
}
