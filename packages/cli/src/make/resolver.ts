import type { ModuleShape } from "./module-text.ts";
import type { Names } from "./names.ts";

/** Something that finds the tenant which a request is meant for. */
export function resolverShape({ kebab, camel }: Names): ModuleShape {
  const name = `${camel}Resolver`;
  return {
    types: { "@af-tenancy/core": ["TenantResolver"] },
    says: [
      `Finds the tenant in the path: \`/${kebab}/acme\` is the tenant "acme". In the configuration:`,
      `\`resolve: firstOf(${name}(), domainResolver())\`.`,
    ],
    ...{ name, gives: "TenantResolver" },
    body: `  return {
    name: "${kebab}",
    resolve({ url }) {
      const [, slug] = /^\\/${kebab}\\/([a-z0-9-]+)(?:[/?]|$)/.exec(url) ?? [];
      if (slug === undefined) return undefined; // no opinion: the next resolver says
      return { kind: "tenant", candidates: [{ by: "slug", value: slug }] };
    },
  };`,
  };
}
