import { type CentralRegistry, NoTenantContextError, type TenancyHost } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { CentralRecordRequiredError } from "../errors.ts";
import { bindingOfManager } from "../tenants/assert-own.ts";
import { TENANT_EM } from "../tenants/current-database.ts";
import { writeVersions } from "./central-records.ts";
import type { KnownResource, KnownResources } from "./known-resources.ts";
import { Notebooks } from "./notebooks.ts";
import { RecordWatch, type RecordWatchParts } from "./record-watch.ts";
import { type QueueStep, StepRunner } from "./step-runner.ts";
import { SyncDelivery } from "./sync-delivery.ts";
import type { SyncParts } from "./sync-parts.ts";
import { writeStates } from "./tenant-states.ts";

/** What one tenancy syncs with. */
export interface SyncEngine {
  readonly host: TenancyHost;
  readonly registry: CentralRegistry;
  readonly parts: SyncParts;
  readonly notebooks: Notebooks;
  /** Uses the application's queue, where there is one. */
  readonly runner: StepRunner;
  /** Does each step at once. */
  readonly atOnce: StepRunner;
}

/** Watches the databases of a tenancy from now on; throws `ConfigurationError` where there is no registry. */
export function startEngine(
  host: TenancyHost,
  known: KnownResources,
  queue: QueueStep | undefined,
): SyncEngine {
  const { registry } = host;
  const writers = new WeakSet<object>();
  const now = () => host.clock.now();
  const parts: SyncParts = {
    ...{ known, now },
    syncing(em) {
      writers.add(bindingOfManager(em) ?? em);
      return em;
    },
  };
  const notebooks = new Notebooks();
  const runner = new StepRunner(parts, host, queue);
  const delivery = new SyncDelivery(host, notebooks, runner);
  const common = {
    notebooks,
    isSyncing: (em: SqlEntityManager) => writers.has(bindingOfManager(em) ?? em),
    assertAllowed: (resource: KnownResource) => assertInTenant(host, resource),
  };
  const watch = (parts: Omit<RecordWatchParts, keyof typeof common>) =>
    new RecordWatch({ ...common, ...parts });
  known.central.watch(
    watch({
      central: true,
      resources: new Map(known.list.map((one) => [one.central.class, one])),
      write: (em, notes) => writeVersions(em, known, notes, now()),
    }),
    delivery,
  );
  for (const [driver, site] of known.sites) {
    const table = known.states.get(driver);
    if (table === undefined) continue;
    site.tenants.watch(
      watch({
        central: false,
        resources: new Map(known.list.map((one) => [one.tenants.get(driver)?.class, one])),
        write: (em, notes) => writeStates(em, table, notes, now()),
      }),
      delivery,
    );
  }
  const atOnce = new StepRunner(parts, host, undefined);
  return { host, registry, parts, notebooks, runner, atOnce };
}

/** Some tenant has to be current; the entity manager says which one is meant. */
function assertInTenant(host: TenancyHost, { tenants, central }: KnownResource): void {
  try {
    host.get(TENANT_EM);
  } catch (error) {
    if (!(error instanceof NoTenantContextError)) return;
    const [own] = tenants.values();
    throw new CentralRecordRequiredError(own?.className ?? "", central.className);
  }
}
