import {
  type MaybePromise,
  type Origin,
  outsideTenancy,
  type TenancyHost,
  tellFailure,
} from "@af-tenancy/core";
import { bindingOfManager } from "../tenants/assert-own.ts";
import { managerAround } from "../tenants/open-transactions.ts";
import type { Note, Notebooks, Task } from "./notebooks.ts";
import type { StepRunner } from "./step-runner.ts";
import type { TransactionWatch } from "./sync-site.ts";
import type { SyncStep } from "./sync-step.ts";

/** Has what a transaction changed delivered once it is kept. */
export class SyncDelivery implements TransactionWatch {
  readonly #host: TenancyHost;
  readonly #notebooks: Notebooks;
  readonly #runner: StepRunner;

  constructor(host: TenancyHost, notebooks: Notebooks, runner: StepRunner) {
    this.#host = host;
    this.#notebooks = notebooks;
    this.#runner = runner;
  }

  /** Inside another transaction it waits for the end of that one, whose locks it would meet. */
  async settle(em: object): Promise<void> {
    const tasks = this.#notebooks.take(em);
    if (tasks.length === 0) return;
    const around = managerAround((one) => bindingOfManager(one)?.shared.watch === this);
    if (around !== undefined) this.#notebooks.postpone(tasks, around);
    else await outsideTenancy(() => this.#deliver(tasks, this.#host.origin));
  }

  fold(inner: object, outer: object): void {
    this.#notebooks.fold(inner, outer);
  }

  /** What fails stays to be delivered and is told to nobody's caller: the commit stands. */
  async #deliver(tasks: readonly Task[], origin: Origin): Promise<void> {
    const latest = new Map<string, Task>();
    for (const task of tasks) {
      const { resource, globalId, tenantId } = task;
      if (!isStep(task)) await this.#quietly(tenantId, origin, () => this.#tellChanged(task));
      latest.set(JSON.stringify([isStep(task), resource, globalId, tenantId]), task);
    }
    for (const task of latest.values()) {
      await this.#quietly(task.tenantId, origin, () => this.#start(task));
    }
  }

  #start(task: Task): Promise<void> {
    if (isStep(task)) return this.#runner.hand(task);
    const { resource, globalId, tenantId, kind: cause } = task;
    if (tenantId === null) return this.#runner.spread(task, cause);
    const step: SyncStep = { to: "central", resource, globalId, tenantId, cause };
    return this.#runner.hand(Object.freeze(step));
  }

  #tellChanged({ resource, globalId, tenantId, kind, fields }: Note): MaybePromise<void> {
    return this.#host.events.emit("resourceChanged", {
      ...{ resource, globalId, tenantId },
      ...{ change: kind, fields },
    });
  }

  async #quietly(
    tenantId: string | null,
    origin: Origin,
    work: () => MaybePromise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      await tellFailure(this.#host, error, tenantId, origin);
    }
  }
}

function isStep(task: Task): task is SyncStep {
  return "to" in task;
}
