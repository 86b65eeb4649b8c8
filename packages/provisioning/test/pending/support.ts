import type { OperationStep, Tenancy } from "@af-tenancy/core";

/** A step that notes of which operation and tenant it was run. */
export function seeing(name: string, seen: string[]): OperationStep {
  return {
    name,
    async run({ tenant, operation }) {
      seen.push(`${name} ${operation.kind} ${kindOf(tenant.slug)}`);
    },
  };
}

/** A slug, or `pending` for any that the pool made. */
export function kindOf(slug: string): string {
  return slug.startsWith("pending-") ? "pending" : slug;
}

/** What a store lists, by slug. */
export async function listedSlugs(
  { store }: Tenancy,
  filter?: Parameters<Tenancy["store"]["list"]>[0],
): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const { slug } of store.list(filter)) all.push(kindOf(slug));
  return all.sort();
}
