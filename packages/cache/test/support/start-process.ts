import {
  type CentralRegistry,
  type Clock,
  createTenancy,
  memoryDatabases,
  type Tenancy,
  type TenancyParts,
  type TenantReference,
} from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import { tenancyRequest } from "@af-tenancy/testing";
import { onTestFinished } from "vitest";
import {
  type CachedTenantStore,
  type CachedTenantStoreOptions,
  cachedTenantStore,
} from "../../src/index.ts";
import type { Over } from "./registry-sites.ts";

/** What stands for a process: a tenancy of its own with a cache of its own. */
export interface Process {
  readonly tenancy: Tenancy;
  readonly store: CachedTenantStore;
  /** How often the registry was asked for a tenant. */
  readonly asked: () => number;
  /** Gives the id of the tenant that a request for the host is served as, once its handler has done its work. */
  request(host: string, work?: () => Promise<unknown>): Promise<string>;
}

/** How a process differs from others. */
interface ProcessParts {
  readonly cache?: CachedTenantStoreOptions;
  readonly clock?: Clock;
  readonly more?: TenancyParts;
  /** When it is closed; when the test is over, unless told otherwise. */
  readonly over?: Over;
}

/** Starts a tenancy on a registry; it is closed when the test is over. */
export async function startProcess(
  registry: CentralRegistry,
  { cache = {}, clock, more, over = onTestFinished }: ProcessParts = {},
): Promise<Process> {
  const counted = countedRegistry(registry);
  const store = cachedTenantStore(cache);
  const tenancy = createTenancy({
    registry: counted.registry,
    store,
    databases: memoryDatabases(),
    provisioning: provisioning(),
    resolve: domainResolver(),
    central: ["example.com"],
    hooks: { failure: () => undefined },
    ...(clock && { clock }),
    ...more,
  });
  await tenancy.start();
  over(() => tenancy.close());
  return {
    tenancy,
    store,
    asked: counted.asked,
    async request(host, work) {
      return tenancy.handle({
        request: tenancyRequest({ host }),
        mode: "tenant",
        next: async () => {
          await work?.();
          return tenancy.currentOrFail().id;
        },
        onClosed: (closed) => closed(false),
      });
    },
  };
}

/** The same registry, which counts what it is asked for. */
function countedRegistry(registry: CentralRegistry) {
  let asked = 0;
  const { store } = registry;
  const counting: CentralRegistry = {
    name: registry.name,
    store: {
      find(reference: TenantReference) {
        asked += 1;
        return store.find(reference);
      },
      list: (filter) => store.list(filter),
    },
    changes: registry.changes,
    transaction: (work) => registry.transaction(work),
    attach: (host) => registry.attach?.(host),
    start: () => registry.start?.(),
    close: () => registry.close?.(),
  };
  return { registry: counting, asked: () => asked };
}

/** Gives the code of the error that a promise rejects with. */
export async function codeOf(work: PromiseLike<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return (error as { readonly code?: unknown }).code ?? error;
  }
}
