import type { TenantReference } from "./tenant.ts";

/** What a store that hears of every change can say of references that browsers remember. */
export interface ReferenceHints {
  /** Gives the number of the change up to which a reference is known to lead to a tenant; nothing where it is not. */
  knownUpTo(reference: TenantReference, tenantId: string): number | undefined;
  /**
   * Tells whether it still does, without asking anybody: neither of the two changed after `upTo`, all changes were heard
   * of, and nothing made what was told at `issuedAt`, in milliseconds since 1970, worthless.
   */
  stillLeads(reference: TenantReference, tenantId: string, upTo: number, issuedAt: number): boolean;
}
