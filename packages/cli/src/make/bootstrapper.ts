import type { ModuleShape } from "./module-text.ts";
import type { Names } from "./names.ts";

/** Something that makes a resource each tenant's own. */
export function bootstrapperShape({ kebab, camel, constant }: Names): ModuleShape {
  const name = `${camel}Bootstrapper`;
  return {
    imports: { "@af-tenancy/core": ["lazyValue", "valueKey"] },
    types: { "@af-tenancy/core": ["TenancyBootstrapper", "TenantRecord", "ValueKey"] },
    constant: {
      ...{ name: constant, type: "ValueKey<{ readonly tenant: string }>" },
      value: `valueKey("${kebab}")`,
      says: `What the current tenant has of it: \`tenancy.get(${constant})\`.`,
    },
    says: [
      "Gives each tenant one of its own, in the configuration:",
      `\`bootstrappers: [${name}()]\`.`,
    ],
    ...{ name, gives: "TenancyBootstrapper<TenantRecord>" },
    body: `  return {
    name: "${kebab}",
    // Made when somebody asks, at most once in a stay; a third argument takes it back at the end.
    values: [lazyValue(${constant}, (_get, { tenant }) => ({ tenant: tenant.slug }))],
  };`,
  };
}
