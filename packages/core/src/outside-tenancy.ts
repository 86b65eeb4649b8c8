import { storage } from "./storage.ts";

/**
 * Runs code outside every tenant: for whatever lives longer than a scope (pools, clients, workers, timers), so that
 * its callbacks never run as the tenant that happened to come first.
 *
 * @example const client = outsideTenancy(() => createClient(url));
 */
export function outsideTenancy<R>(fn: () => R): R {
  return storage.run(undefined, fn);
}
