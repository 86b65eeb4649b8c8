import { type StartedPool, type StartPoolOptions, startPool } from "./start-pool.ts";

/** Starts a pool whose connections serve every tenant, and notes for whom one of another's was entered. */
export function startShared(
  options: StartPoolOptions,
): StartedPool & { readonly entered: string[] } {
  const seats = new WeakMap<object, string>();
  const entered: string[] = [];
  const started = startPool({
    ...options,
    key: () => "server",
    seat: ({ tenantId }) => tenantId,
    enter(driver, { tenantId }) {
      const seat = seats.get(driver) ?? started.opened[started.open.indexOf(driver)];
      seats.set(driver, tenantId);
      if (seat === tenantId) return driver;
      entered.push(tenantId);
      return Promise.resolve(driver);
    },
  });
  return { ...started, entered };
}
