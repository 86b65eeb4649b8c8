import { setImmediate as tick } from "node:timers/promises";
import type { TenancyBootstrapper, TenantRecord } from "../../src/index.ts";

/** How a noting bootstrapper behaves. */
export interface NotingOptions {
  readonly asynchronous?: boolean;
  /** What fails, in the tenant acme only. */
  readonly failing?: "bootstrap" | "undo" | undefined;
}

/** Notes what happens to it, as `bootstrap 1 acme` and `undo 1 acme`, also when it is about to fail. */
export function noting(
  name: string,
  log: string[],
  { asynchronous = false, failing }: NotingOptions = {},
): TenancyBootstrapper<TenantRecord> {
  const note = (what: "bootstrap" | "undo", slug: string): void => {
    log.push(`${what} ${name} ${slug}`);
    if (failing === what && slug === "acme") throw new RangeError(`${what} ${name}`);
  };
  const undo = (slug: string) => {
    if (!asynchronous) return () => note("undo", slug);
    return () => tick().then(() => note("undo", slug));
  };

  return {
    name,
    bootstrap({ tenant: { slug } }) {
      if (!asynchronous) {
        note("bootstrap", slug);
        return undo(slug);
      }
      return tick().then(() => {
        note("bootstrap", slug);
        return undo(slug);
      });
    },
  };
}
