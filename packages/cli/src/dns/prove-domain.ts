import type { CentralRegistry } from "@af-tenancy/core";

/** Verifies a domain by the first token that is its own; tells whether one was. In a rehearsal it stays unverified. */
export async function proveDomain(
  registry: CentralRegistry,
  { tenantId, name }: { readonly tenantId: string; readonly name: string },
  { tokens, rehearse }: { readonly tokens: readonly string[]; readonly rehearse: boolean },
): Promise<boolean> {
  let isProved = false;
  const proving = registry.transaction(async ({ domains }) => {
    for (const token of tokens) isProved ||= await domains.prove(tenantId, name, token);
    if (rehearse) throw takenBack;
  });
  await proving.catch((error: unknown) => {
    if (error !== takenBack) throw error;
  });
  return isProved;
}

const takenBack = Symbol("taken back");
