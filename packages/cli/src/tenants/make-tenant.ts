import type { OperationProgressEvent, Tenancy, TenantRecord } from "@af-tenancy/core";
import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import type { Application } from "../config/application.ts";
import { changeOutcome } from "./change-outcome.ts";
import { measure } from "./measure.ts";

/** How a tenant is made. */
export interface Making {
  readonly slug: string;
  /** Throws what the real call would be refused for. */
  rehearse(application: Application): Promise<void>;
  make(tenancy: Tenancy): Promise<TenantRecord>;
  done(slug: string, id: string): string;
  /** The physical name that was asked for. */
  readonly databaseName?: string | undefined;
}

/** Makes a tenant and tells its steps, or tells that it could be made. */
export async function makeTenant(
  session: Session,
  { slug, rehearse, make, done, databaseName }: Making,
): Promise<Outcome> {
  const { progress, settings } = session;
  const cost = measure();
  const application = await session.application();
  const { tenancy, actor } = application;
  const changes = [{ tenant: slug, what: "status", from: null, to: "active" }];
  if (settings.dryRun) {
    await rehearse(application);
    return changeOutcome(session, { tenants: [], changes, cost: cost(), done: "" });
  }
  const steps: { step: string; milliseconds: number }[] = [];
  const tell = ({ step, position, steps: all, milliseconds }: OperationProgressEvent) => {
    steps.push({ step, milliseconds: Math.round(milliseconds) });
    progress.tell(`${slug}: ${step} ${position}/${all}`);
  };
  tenancy.events.on("operationProgress", tell);
  const tenant = await tenancy.central(() => make(tenancy), { actor });
  // The same key made it before: it is what it has become since.
  const isMade = steps.length > 0;
  return changeOutcome(session, {
    ...{ tenants: [tenant], changes: isMade ? changes : [], steps, cost: cost() },
    done: done(tenant.slug, tenant.id),
    note: otherName(session, tenant, databaseName),
  });
}

/** What is said where a take-over, which never uses a name again, gave its database another name than was asked for. */
function otherName(
  { catalogue }: Session,
  { placement }: TenantRecord,
  asked: string | undefined,
): string | undefined {
  if (asked === undefined || placement === undefined || placement.name === asked) return undefined;
  return catalogue.words.otherName(placement.name, asked);
}
