import {
  createTenancy,
  type ManualClock,
  manualClock,
  memoryDatabases,
  memoryRegistry,
  memoryStore,
  type Tenancy,
  type TenancyHost,
} from "../../src/index.ts";
import { pathResolver } from "./start-tenancy.ts";
import { acme } from "./tenants.ts";

/** A tenancy that is not started yet, and what its two parts did. */
export interface Composed {
  readonly tenancy: Tenancy;
  /** Such as `start registry`. */
  readonly log: string[];
  /** The steps that fail from now on. */
  readonly fail: Set<string>;
  readonly clock: ManualClock;
  readonly host: TenancyHost;
}

/** A tenancy of two parts that note what happens to them and fail where they are told to. */
export function composed(): Composed {
  const log: string[] = [];
  const fail = new Set<string>();
  const hosts: TenancyHost[] = [];
  const clock = manualClock();
  const step = (what: string) => {
    log.push(what);
    if (fail.has(what)) throw new RangeError(what);
  };
  const noting = (name: string) => ({
    name,
    attach(host: TenancyHost) {
      step(`attach ${name}`);
      hosts.push(host);
    },
    start: () => step(`start ${name}`),
    close: async () => step(`close ${name}`),
  });
  const registry = { ...memoryRegistry(), ...noting("registry") };
  const { place, manager, migrate, verify, bootstrapper } = memoryDatabases();
  const databases = { place, manager, migrate, verify, bootstrapper, ...noting("databases") };
  const tenancy = createTenancy({
    registry: { ...registry, transaction: memoryRegistry().transaction },
    store: memoryStore([acme]),
    databases,
    resolve: pathResolver,
    clock,
  });
  return { tenancy, log, fail, clock, host: hosts[0] as TenancyHost };
}
