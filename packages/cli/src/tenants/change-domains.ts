import type { TenantRecord } from "@af-tenancy/core";
import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { factsOf } from "../report-error.ts";
import { changeOutcome } from "./change-outcome.ts";
import { measure } from "./measure.ts";

/** What becomes of a tenant's domains. */
export interface DomainChange {
  readonly reason: string | undefined;
  /** Gives the list as it is to be, the primary one first. */
  next(names: readonly string[]): readonly string[];
  done(slug: string): string;
}

/**
 * Changes a tenant's list of domains, or tells what it would be after it was checked. What somebody else adds or takes away
 * at the same time is kept.
 */
export async function changeDomains(
  session: Session,
  tenant: TenantRecord,
  change: DomainChange,
): Promise<Outcome> {
  for (let left = retries; ; left -= 1) {
    try {
      return await changeOnce(session, tenant, change);
    } catch (error) {
      const { code } = factsOf(error, session.catalogue);
      if (code !== "STALE_TENANT" || left === 0) throw error;
    }
  }
}

const retries = 10;

async function changeOnce(
  session: Session,
  tenant: TenantRecord,
  { reason, next, done }: DomainChange,
): Promise<Outcome> {
  const cost = measure();
  const { tenancy, actor } = await session.application();
  const from = (await tenancy.tenants.domains(tenant)).map(({ name }) => name);
  const domains = next(from);
  const isSame = from.join() === domains.join();
  const changes = isSame ? [] : [{ tenant: tenant.slug, what: "domains", from, to: [...domains] }];
  if (session.settings.dryRun || isSame) {
    await tenancy.tenants.rehearse({ domains }, tenant);
    return changeOutcome(session, { tenants: [tenant], changes, cost: cost(), done: "" });
  }
  const origin = { actor, ...(reason !== undefined && { reason }) };
  const update = { domains, expectedDomains: from };
  const after = await tenancy.central(() => tenancy.tenants.update(tenant, update), origin);
  return changeOutcome(session, {
    tenants: [after],
    changes,
    cost: cost(),
    done: done(after.slug),
  });
}

/** Refuses a domain that the tenant does not have. */
export function requireDomains(
  { refuse, catalogue }: Session,
  tenant: TenantRecord,
  names: readonly string[],
  wanted: readonly string[],
): void {
  const missing = wanted.find((name) => !names.includes(name));
  if (missing !== undefined) refuse(catalogue.refusals.noSuchDomain(tenant.slug, missing));
}
