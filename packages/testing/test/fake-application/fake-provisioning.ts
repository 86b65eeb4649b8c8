import {
  ConfigurationError,
  type JsonValue,
  type NewTenant,
  type OperationDefinition,
  OperationInFlightError,
  type OperationProgress,
  type OperationRecord,
  type OperationStep,
  ProvisioningError,
  type PurgeReport,
  type RepairReport,
  type TenancyHost,
  type TenantDomain,
  type TenantLife,
  TenantNotFoundError,
  type TenantOperations,
  type TenantRecord,
  type TenantReference,
  type TenantUpdate,
  UnknownOperationError,
} from "@af-tenancy/core";
import { tenantRecord } from "../../src/index.ts";

/** Just enough provisioning to drive operations through the contracts: it journals, it sweeps nothing, adopts and moves nobody. */
export class FakeProvisioning
  implements
    Omit<
      TenantOperations,
      keyof TenantLife | "adopt" | "clone" | "migrations" | "pending" | "rehearse" | "seeding"
    >
{
  readonly name = "fake-provisioning";
  readonly #definitions: ReadonlyMap<string, OperationDefinition>;
  readonly #ids: Iterator<string>;
  #owner: TenancyHost | undefined;

  constructor(definitions: readonly OperationDefinition[], ids: Iterator<string>) {
    this.#definitions = new Map(definitions.map((one) => [one.kind, one]));
    this.#ids = ids;
  }

  attach(host: TenancyHost): void {
    this.#owner = host;
  }

  async create(input: NewTenant): Promise<TenantRecord> {
    const { registry, databases, events, clock } = this.#host;
    await events.emit("tenantCreating", { input, vetoable: true });
    const { slug, domains = [], idempotencyKey, placement, ...rest } = input;
    const id = input.id ?? this.#nextId();
    const tenant = tenantRecord({
      ...rest,
      id,
      slug,
      status: "provisioning",
      placement: databases.place(id, 1, placement),
    });
    const operation = await registry.transaction(async ({ tenants, operations }) => {
      const known = idempotencyKey && (await operations.find({ idempotencyKey }));
      if (known) return known;
      const named = domains.map((name, index) => ({
        name,
        primary: index === 0,
        verifiedAt: clock.now(),
      }));
      await tenants.insert(tenant, named);
      return operations.open({
        id: this.#nextId(),
        tenantId: id,
        kind: "create",
        generation: 1,
        idempotencyKey,
        input: { slug },
        actor: undefined,
      });
    });
    if (operation.state !== "done") await this.#work(operation);
    const created = await this.#find({ by: "id", value: operation.tenantId });
    await events.emit("tenantCreated", { tenant: created });
    return created;
  }

  async update(reference: string | TenantReference, changes: TenantUpdate): Promise<TenantRecord> {
    const by = typeof reference === "string" ? { by: "id", value: reference } : reference;
    const tenant = await this.#find(by);
    const { events, registry } = this.#host;
    await events.emit("tenantUpdating", { tenant, changes, vetoable: true });
    const { domains, ...attributes } = changes;
    return registry.transaction(async ({ tenants }) => {
      if (domains !== undefined) {
        const named = domains.map((name, index) => ({
          name,
          primary: index === 0,
          verifiedAt: undefined,
        }));
        await tenants.setDomains(tenant.id, named);
      }
      return tenants.update(tenant.id, tenant.version, attributes);
    });
  }

  async domains(reference: string | TenantReference): Promise<readonly TenantDomain[]> {
    const by = typeof reference === "string" ? { by: "id", value: reference } : reference;
    const { id } = await this.#find(by);
    return this.#host.registry.transaction(({ tenants }) => tenants.domains(id));
  }

  async run(kind: string, tenantId: string, input: JsonValue): Promise<OperationRecord> {
    if (!this.#definitions.has(kind)) throw new UnknownOperationError(kind);
    const { placement } = await this.#find({ by: "id", value: tenantId });
    const opened = await this.#host.registry.transaction(({ operations }) =>
      operations.open({
        id: this.#nextId(),
        tenantId,
        kind,
        generation: placement?.generation ?? 1,
        idempotencyKey: undefined,
        input,
        actor: undefined,
      }),
    );
    return this.#work(opened);
  }

  async purge(reference: string | TenantReference): Promise<OperationRecord> {
    const by = typeof reference === "string" ? { by: "id", value: reference } : reference;
    const tenant = await this.#find(by);
    const { events, registry, databases } = this.#host;
    await events.emit("tenantPurging", { tenant, vetoable: true });
    const { id, placement } = tenant;
    if (placement !== undefined)
      await databases.manager(placement).drop({ tenantId: id, placement });
    const journalled = { id: this.#nextId(), tenantId: id, kind: "purge", generation: 1 };
    const operation = await registry.transaction(async ({ tenants, operations }) => {
      await tenants.remove(id, tenant.version);
      const open = { ...journalled, idempotencyKey: undefined, input: {}, actor: undefined };
      await operations.open(open);
      await operations.claim(open.id, "fake", 30_000);
      return operations.save(open.id, "fake", { state: "done" });
    });
    await events.emit("tenantPurged", { tenant });
    return operation;
  }

  async purgeAll(references: readonly TenantReference[]): Promise<PurgeReport> {
    const tenants: TenantRecord[] = [];
    for (const reference of references) tenants.push(await this.#find(reference));
    return { plan: "none", tenants, purged: [], failed: [] };
  }

  async repair(): Promise<RepairReport> {
    const finished: OperationRecord[] = [];
    const failed: OperationRecord[] = [];
    const { registry } = this.#host;
    for (const operation of await registry.transaction((one) => one.operations.unfinished())) {
      await this.#work(operation).then(
        (done) => finished.push(done),
        () => failed.push(operation),
      );
    }
    return { finished, failed, swept: [] };
  }

  get #host(): TenancyHost {
    if (this.#owner !== undefined) return this.#owner;
    throw new ConfigurationError("provisioning", "not attached", "compose it first.");
  }

  async #work({ id, kind, tenantId }: OperationRecord): Promise<OperationRecord> {
    const owner = this.#nextId();
    const claimed = await this.#host.registry.transaction((one) =>
      one.operations.claim(id, owner, 30_000),
    );
    if (claimed === undefined) throw new OperationInFlightError(tenantId, kind);
    const steps = this.#definitions.get(kind)?.steps ?? [];
    let operation: OperationRecord = claimed;
    for (const step of steps.filter(({ name }) => !claimed.done.includes(name))) {
      operation = await this.#step(step, operation, owner, step === steps.at(-1));
    }
    return operation;
  }

  async #step(
    { name, run }: OperationStep,
    operation: OperationRecord,
    owner: string,
    last: boolean,
  ): Promise<OperationRecord> {
    const { registry, databases } = this.#host;
    const save = (progress: OperationProgress) =>
      registry.transaction((one) => one.operations.save(operation.id, owner, progress));
    const { signal } = new AbortController();
    try {
      const tenant = await this.#find({ by: "id", value: operation.tenantId });
      await run({ tenant, operation, registry, databases, signal });
    } catch (cause) {
      await save({ state: "failed", error: `step ${name}` });
      throw new ProvisioningError(operation.id, name, { cause });
    }
    return save({ done: [...operation.done, name], state: last ? "done" : "running" });
  }

  async #find(reference: TenantReference): Promise<TenantRecord> {
    const found = await this.#host.registry.store.find(reference);
    if (found === undefined) throw new TenantNotFoundError(reference.by, reference.value);
    return found;
  }

  #nextId(): string {
    return String(this.#ids.next().value);
  }
}
