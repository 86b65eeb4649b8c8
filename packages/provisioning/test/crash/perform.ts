import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tenancy, TenancyError, TenantRecord } from "@af-tenancy/core";
import type { PendingSteps } from "../../src/index.ts";
import { watchedDatabases } from "../support/watched-databases.ts";
import { foundName } from "./engine.ts";
import { startSite } from "./start-site.ts";
import { watchedRegistry } from "./watched-registry.ts";

/** What a process is to do, and where a signal shall hit it, such as `after commit ledger`. */
export interface Orders {
  readonly folder: string;
  readonly call: "create" | "adopt" | "clone" | "purge" | "repair" | "run" | "fill" | "pull";
  /** What the pool does before a tenant is pulled; how many tenants `fill` is told to have. */
  readonly pool?: { readonly steps?: PendingSteps; readonly count?: number };
  readonly slugs?: readonly string[];
  readonly at?: string;
  readonly signal?: "SIGKILL" | "SIGSTOP";
  readonly leaseMs?: number;
}

/** Does it, and gives what came of it. */
export async function perform(orders: Orders): Promise<unknown> {
  const reach = (point: string) => reached(orders, point);
  const tenancy = await startSite(orders.folder, {
    ...(orders.leaseMs !== undefined && { leaseMs: orders.leaseMs }),
    ...(orders.pool?.steps && { pending: { steps: orders.pool.steps } }),
    registry: (registry) =>
      watchedRegistry(registry, {
        before: (commit) => reach(`before commit ${commit}`),
        inside: (commit) => reach(`inside commit ${commit}`),
        after: (commit) => reach(`after commit ${commit}`),
      }),
    databases: (databases) =>
      watchedDatabases(databases, {
        before: (call) => reach(`before ${call}`),
        after: (call) => reach(`after ${call}`),
      }),
    operations: [
      {
        kind: "two-steps",
        steps: [
          { name: "one", run: () => reach("in step one") },
          { name: "two", run: () => reach("in step two") },
        ],
      },
    ],
  });
  try {
    return await called(tenancy, orders);
  } finally {
    await tenancy.close();
  }
}

/**
 * Does it in the process of the test, which nobody is to kill: a process of its own takes most of its time to start.
 * The lease is long, as much goes on here.
 */
export function performHere(orders: Orders): Promise<unknown> {
  return perform({ leaseMs: 20_000, ...orders });
}

async function reached({ at, folder, signal = "SIGKILL" }: Orders, point: string): Promise<void> {
  if (at !== point) return;
  await writeFile(join(folder, "reached"), point);
  process.kill(process.pid, signal);
  // A stopped process comes back here when it is continued, long after its lease was over.
  if (signal === "SIGSTOP") return;
  await new Promise(() => setTimeout(() => undefined, 60_000));
}

async function called(tenancy: Tenancy, orders: Orders): Promise<unknown> {
  const { call, pool, slugs = ["acme"] } = orders;
  if (call === "repair") return tenancy.tenants.repair();
  if (call === "fill") return tenancy.tenants.pending.fill(pool?.count ?? 1);
  if (["create", "adopt", "clone", "pull"].includes(call)) {
    const settled = await Promise.allSettled(slugs.map((slug) => begin(tenancy, orders, slug)));
    return settled.map((one) =>
      one.status === "fulfilled" ? one.value.status : String((one.reason as TenancyError).code),
    );
  }
  const tenant = await tenancy.find({ by: "slug", value: slugs[0] ?? "" });
  if (call === "purge") return tenancy.tenants.purge(tenant?.id ?? "", { skipGrace: true });
  return tenancy.tenants.run("two-steps", tenant?.id ?? "", {});
}

function begin(
  { tenants }: Tenancy,
  { call, folder }: Orders,
  slug: string,
): Promise<TenantRecord> {
  if (call === "create") return tenants.create({ slug });
  if (call === "pull") return pull(tenants, slug);
  if (call === "clone") {
    return tenants.clone({ by: "slug", value: slug }, { slug: `${slug}-copy` });
  }
  return tenants.adopt({ slug, placement: { name: foundName(folder) } });
}

async function pull({ pending }: Tenancy["tenants"], slug: string): Promise<TenantRecord> {
  const pulled = await pending.pull({ slug }, { ifEmpty: "none" });
  return pulled ?? Promise.reject({ code: "EMPTY" });
}
