import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TenancyError, TenantRecord } from "@af-tenancy/core";
import type { PendingSteps } from "../../src/index.ts";
import { watchedDatabases } from "../support/watched-databases.ts";
import { foundName } from "./engine.ts";
import { startSite } from "./start-site.ts";
import { watchedRegistry } from "./watched-registry.ts";

/** What a process of its own is to do, and where a signal shall hit it, such as `after commit ledger`. */
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

const orders = JSON.parse(process.argv[2] ?? "{}") as Orders;

async function reach(point: string): Promise<void> {
  if (orders.at !== point) return;
  await writeFile(join(orders.folder, "reached"), point);
  process.kill(process.pid, orders.signal ?? "SIGKILL");
  // A stopped process comes back here when it is continued, long after its lease was over.
  if (orders.signal === "SIGSTOP") return;
  await new Promise(() => setTimeout(() => undefined, 60_000));
}

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

function begin(slug: string): Promise<TenantRecord> {
  if (orders.call === "create") return tenancy.tenants.create({ slug });
  if (orders.call === "pull") return pull(slug);
  if (orders.call === "clone") {
    return tenancy.tenants.clone({ by: "slug", value: slug }, { slug: `${slug}-copy` });
  }
  return tenancy.tenants.adopt({ slug, placement: { name: foundName(orders.folder) } });
}

async function pull(slug: string): Promise<TenantRecord> {
  const pulled = await tenancy.tenants.pending.pull({ slug }, { ifEmpty: "none" });
  return pulled ?? Promise.reject({ code: "EMPTY" });
}

async function call(): Promise<unknown> {
  const { slugs = ["acme"] } = orders;
  if (orders.call === "repair") return tenancy.tenants.repair();
  if (orders.call === "fill") return tenancy.tenants.pending.fill(orders.pool?.count ?? 1);
  if (["create", "adopt", "clone", "pull"].includes(orders.call)) {
    const settled = await Promise.allSettled(slugs.map(begin));
    return settled.map((one) =>
      one.status === "fulfilled" ? one.value.status : String((one.reason as TenancyError).code),
    );
  }
  const tenant = await tenancy.find({ by: "slug", value: slugs[0] ?? "" });
  if (orders.call === "purge") return tenancy.tenants.purge(tenant?.id ?? "", { skipGrace: true });
  return tenancy.tenants.run("two-steps", tenant?.id ?? "", {});
}

process.stdout.write(JSON.stringify((await call()) ?? null));
await tenancy.close();
