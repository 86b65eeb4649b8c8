import { isThenable, type Undo } from "@af-tenancy/core";
import type { BootstrapCounts, WatchBootstrapper } from "./bootstrapper-harness.ts";

/** Makes a wrapper for bootstrappers and the counts of what went through it. */
export function bootstrapWatch(): { watch: WatchBootstrapper; counts: BootstrapCounts } {
  const counts = { bootstraps: 0, undos: 0, undone: 0 };

  function counted(undo: Undo | void): Undo | void {
    if (undo === undefined) return undefined;
    counts.undos += 1;
    return () => {
      counts.undone += 1;
      return undo();
    };
  }

  const watch: WatchBootstrapper = (bootstrapper) => ({
    name: bootstrapper.name,
    values: bootstrapper.values ?? [],
    bootstrap(scope) {
      counts.bootstraps += 1;
      const result = bootstrapper.bootstrap?.(scope);
      return isThenable(result) ? result.then(counted) : counted(result);
    },
  });

  return { watch, counts };
}
