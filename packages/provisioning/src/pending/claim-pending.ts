import type {
  NewTenant,
  OperationRecord,
  RegistryTransaction,
  TenantChanges,
  TenantRecord,
} from "@af-tenancy/core";
import { v7 } from "uuid";
import { certainTransaction } from "../certain-transaction.ts";
import type { Claim } from "../lease.ts";
import { requireKind } from "../require-kind.ts";
import { tenantChange } from "../tenant-change.ts";
import { tenantDomains } from "../tenant-domains.ts";
import type { Workplace } from "../workplace.ts";
import { poolKey } from "./create-pending.ts";

/** A tenant that was pulled, and the operation that has yet to finish it where its pool left steps out. */
export interface PulledPending {
  readonly pulled: TenantRecord;
  readonly claim: Claim | undefined;
}

/**
 * Gives a pending tenant its attributes and takes it out of the pool, in one transaction by one conditional update, so
 * that of racing callers one wins. Throws `StaleTenantError` for the others, `SlugTakenError`, `DomainTakenError`.
 */
export async function claimPending(
  workplace: Workplace,
  tenant: TenantRecord,
  input: NewTenant,
): Promise<PulledPending> {
  const { registry, nextOwner } = workplace;
  const id = v7();
  const owner = nextOwner();
  return certainTransaction(
    workplace,
    async (transaction) => {
      const done = await doneInPool(workplace, transaction, tenant);
      const isFinished = stepsOf(workplace, tenant).every((name) => done.includes(name));
      const pulled = await write(workplace, transaction, { tenant, input, isFinished, id });
      if (isFinished) return { pulled, claim: undefined };
      const operation = await open(workplace, transaction, { pulled, input, done, id, owner });
      return { pulled, claim: { operation, owner } };
    },
    async ({ audit, operations }) => {
      const [act] = await audit.list({ tenantId: tenant.id, action: "tenant.pulled", limit: 1 });
      const { pull } = Object(act?.details) as { readonly pull?: string };
      if (pull !== id) return undefined;
      const pulled = await registry.store.find({ by: "id", value: tenant.id });
      const operation = await operations.find({ id });
      return pulled && { pulled, claim: operation && { operation, owner } };
    },
  );
}

/**
 * What is done depends on how the pool was configured when the tenant was made, so its journal is asked. Since then there
 * may be other migrations.
 */
async function doneInPool(
  { databases: { migrations } }: Workplace,
  { operations }: RegistryTransaction,
  tenant: TenantRecord,
): Promise<readonly string[]> {
  const { done = [] } = (await operations.find({ idempotencyKey: poolKey(tenant.id) })) ?? {};
  const isBehind = tenant.placement !== undefined && migrations?.isBehind(tenant);
  return isBehind ? done.filter((name) => name !== "migrate" && name !== "verify") : done;
}

/** The steps of a whole creation of the tenant, but the last one. */
function stepsOf(workplace: Workplace, { placement }: TenantRecord): readonly string[] {
  return requireKind(workplace, "create")
    .steps.filter(({ needsDatabase }) => placement !== undefined || !needsDatabase)
    .slice(0, -1)
    .map(({ name }) => name);
}

interface Writing {
  readonly tenant: TenantRecord;
  readonly input: NewTenant;
  readonly isFinished: boolean;
  /** Tells this pull from every other one. */
  readonly id: string;
}

async function write(
  { clock, origin }: Workplace,
  { tenants, outbox, audit }: RegistryTransaction,
  { tenant: { id: tenantId, version, slug: former }, input, isFinished, id }: Writing,
): Promise<TenantRecord> {
  const { actor, ...cause } = origin();
  const pulled = await tenants.update(tenantId, version, {
    ...attributesOf(input),
    ...{ status: isFinished ? "active" : "provisioning", updatedBy: actor },
  });
  const domains = tenantDomains(input.domains ?? [], clock.now());
  if (domains.length > 0) await tenants.setDomains(tenantId, domains);
  const type = isFinished ? "tenant.created" : "tenant.creating";
  await outbox.append(tenantChange(type, pulled, domains, former));
  const details = { slug: pulled.slug, pull: id };
  await audit.append({ action: "tenant.pulled", tenantId, actor, cause, details });
  return pulled;
}

function attributesOf({ slug, name = slug, plan, metadata, homepage }: NewTenant): TenantChanges {
  return {
    ...{ slug, name },
    ...(plan !== undefined && { plan }),
    ...(metadata !== undefined && { metadata }),
    ...(homepage !== undefined && { homepage }),
  };
}

interface Opening {
  readonly pulled: TenantRecord;
  readonly input: NewTenant;
  readonly done: readonly string[];
  readonly id: string;
  readonly owner: string;
}

/** The creation goes on where the pool left it; who takes it over begins it anew, as any other one. */
async function open(
  { leaseMs, origin }: Workplace,
  { operations, ledger }: RegistryTransaction,
  { pulled: { id: tenantId, placement }, input, done, id, owner }: Opening,
): Promise<OperationRecord> {
  if (placement !== undefined) await ledger.record({ tenantId, placement, state: "creating" });
  const generation = placement?.generation ?? 1;
  const journalled = { ...input } as unknown as OperationRecord["input"];
  const operation = {
    ...{ id, tenantId, kind: "create", generation, idempotencyKey: undefined },
    ...{ input: journalled, actor: origin().actor },
  };
  await operations.open(operation, { owner, leaseMs });
  return operations.save(id, owner, { done });
}
