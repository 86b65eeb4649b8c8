import type { Tenancy, TenantRecord, TenantReference } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";
import { askForTenant } from "./ask-for-tenant.ts";

/**
 * Finds the one tenant that is meant: by slug, id or domain, or by one of them for certain (`slug:acme`, `id:acme`,
 * `domain:acme.example.com`). Where none was named somebody is asked, if there is anybody. Patterns, `all` and empty names
 * are refused, and so is whatever is unknown: a mistyped name never means somebody else.
 */
export async function selectTenant(
  session: Session,
  named: string | undefined,
): Promise<TenantRecord> {
  const { refusals } = session.catalogue;
  if (named === undefined && !session.settings.mayAsk) {
    return session.refuse(refusals.missingArgument("tenant"));
  }
  if (named !== undefined) checkSelector(session, "<tenant>", named);
  const { tenancy } = await session.application();
  const selector = named ?? (await askForTenant(session, tenancy));
  const found = await findSelected(session, tenancy, selector);
  return found ?? session.refuse(refusals.unknownTenant(selector));
}

/** Finds each tenant of a list, which names nobody twice. */
export async function selectTenants(
  session: Session,
  named: readonly string[],
): Promise<readonly TenantRecord[]> {
  const { refusals } = session.catalogue;
  for (const selector of named) checkSelector(session, "<tenant>", selector);
  const tenants = new Map<string, TenantRecord>();
  for (const selector of named) {
    const tenant = await selectTenant(session, selector);
    if (tenants.has(tenant.id)) session.refuse(refusals.twice(selector));
    tenants.set(tenant.id, tenant);
  }
  return [...tenants.values()];
}

/** Refuses what can name nobody, before anything is loaded. */
function checkSelector({ refuse, catalogue }: Session, name: string, selector: string): void {
  const { refusals } = catalogue;
  const [, value = ""] = /^(?:slug:|id:|domain:)?(.*)$/s.exec(selector) ?? [];
  if (value.trim() === "") refuse(refusals.emptySelector(name));
  const isPattern = /[*?[\]{}%,\s]/.test(value) && !/^(?:domain:)?\*\.[^*?]+$/.test(selector);
  if (isPattern || selector === "all") refuse(refusals.patternSelector(selector));
}

async function findSelected(
  { refuse, catalogue }: Session,
  tenancy: Tenancy,
  selector: string,
): Promise<TenantRecord | undefined> {
  const [, by, value] = /^(slug|id|domain):(.*)$/s.exec(selector) ?? [];
  if (by === "domain" && value !== undefined) return find(tenancy, domain(value));
  if (by !== undefined && value !== undefined) return find(tenancy, { by, value });
  if (selector.includes(".")) return find(tenancy, domain(selector));
  const bySlug = await find(tenancy, { by: "slug", value: selector });
  const byId = await find(tenancy, { by: "id", value: selector });
  if (bySlug !== undefined && byId !== undefined && bySlug.id !== byId.id) {
    refuse(catalogue.refusals.ambiguousTenant(selector));
  }
  return bySlug ?? byId;
}

/** As host names are kept: in lower case, without the dot at the end. */
function domain(name: string): TenantReference {
  return { by: "domain", value: name.toLowerCase().replace(/\.$/, "") };
}

function find(tenancy: Tenancy, reference: TenantReference): Promise<TenantRecord | undefined> {
  return tenancy.find(reference);
}
