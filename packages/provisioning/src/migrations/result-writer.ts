import type { RegistryTransaction } from "@af-tenancy/core";
import { tellWatchers } from "../tell-watchers.ts";
import { tenantChange } from "../tenant-change.ts";
import type { Outcome, PlanRun } from "./plan-run.ts";

/**
 * Writes what became of tenants, many in one transaction: at most a quarter of a second later, so that a tenant which
 * waits for its schema is served soon. What a crash keeps from being written is looked at again.
 */
export class ResultWriter {
  readonly #run: PlanRun;
  #waiting: Outcome[] = [];
  #timer: AbortController | undefined;
  #writing: Promise<void> = Promise.resolve();
  #written = 0;

  constructor(run: PlanRun) {
    this.#run = run;
  }

  /** Takes a result; waits where many have come together. Throws what an earlier write threw. */
  async add(outcome: Outcome): Promise<void> {
    this.#waiting.push(outcome);
    if (this.#waiting.length >= most) await this.flush();
    else this.#writeSoon();
  }

  /** Writes what is left. */
  flush(): Promise<void> {
    this.#timer?.abort();
    this.#timer = undefined;
    const outcomes = this.#waiting;
    this.#waiting = [];
    this.#writing = this.#writing.then(() => this.#write(outcomes));
    return this.#writing;
  }

  #writeSoon(): void {
    if (this.#timer !== undefined) return;
    const timer = new AbortController();
    this.#timer = timer;
    // Its failure is thrown by the next call, or by the last one.
    const write = () => this.flush().catch(() => undefined);
    void this.#run.workplace.clock.sleep(soon, timer.signal).then(write, () => undefined);
  }

  async #write(outcomes: readonly Outcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    const { lease, plan } = this.#run;
    await lease.commit(async (transaction) => {
      const planned = outcomes.map((outcome) => outcome.planned);
      await transaction.plannedTenants.save(plan.id, planned);
      await recordSchemas(transaction, outcomes);
    });
    for (const { planned } of outcomes) {
      this.#written += 1;
      const event = { plan, tenant: planned, position: this.#written };
      await tellWatchers(this.#run.workplace, "migrationProgress", event, planned.tenantId);
    }
  }
}

const most = 100;
const soon = 250;

async function recordSchemas(
  { schemas, domains, outbox }: RegistryTransaction,
  outcomes: readonly Outcome[],
): Promise<void> {
  const known = outcomes.flatMap(({ schema }) => (schema === undefined ? [] : [schema]));
  const tenants = await schemas.record(known);
  if (tenants.length === 0) return;
  const tenantIds = tenants.map(({ id }) => id);
  const owned = await domains.list({ tenantIds, limit: Number.MAX_SAFE_INTEGER });
  const changes = tenants.map((tenant) => {
    const own = owned.filter(({ tenantId }) => tenantId === tenant.id);
    return tenantChange("tenant.migrated", tenant, own);
  });
  await outbox.appendAll(changes);
}
