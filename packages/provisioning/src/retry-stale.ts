import { StaleTenantError } from "@af-tenancy/core";

/** Repeats an attempt that reads a tenant and writes it by compare-and-set, a few times, while others are faster. */
export async function retryStale<R>(attempt: () => Promise<R>): Promise<R> {
  for (let left = retries; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StaleTenantError) || left === 0) throw error;
    }
  }
}

const retries = 10;
