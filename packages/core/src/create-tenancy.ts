import { checkOptions } from "./check-options.ts";
import { Composition } from "./composition.ts";
import type { TenancyHost } from "./contracts/component.ts";
import type { Tenant, TenantRecord } from "./contracts/tenant.ts";
import { ConfigurationError, KeysRequiredError } from "./errors/configuration-errors.ts";
import { Tenancy } from "./tenancy.ts";
import type { TenancyOptions } from "./tenancy-options.ts";

/**
 * Composes a tenancy from its parts. Nothing is opened before `start()`.
 *
 * @example
 * const tenancy = createTenancy({ registry, databases: db, resolve: domainResolver(), central: ["localhost"] });
 * await tenancy.start();
 * @throws ConfigurationError with the key, the value and the remedy
 */
export function createTenancy<T extends Tenant = TenantRecord>(
  options: TenancyOptions<T>,
): Tenancy<T> {
  const parts = new Composition<T>(options);
  const tenancy = new Tenancy<T>(parts);
  parts.components.attach(hostOf(parts, tenancy));
  return tenancy;
}

/**
 * Checks and types the options in `tenancy.config.ts`, so that the application and commands share them.
 *
 * @example export default defineTenancy({ registry: sqliteRegistry({ file: "./data/registry.sqlite" }), databases: db });
 * @throws ConfigurationError with the key, the value and the remedy
 */
export function defineTenancy<T extends Tenant = TenantRecord>(
  options: TenancyOptions<T>,
): TenancyOptions<T> {
  checkOptions(options);
  return Object.freeze({ ...options });
}

function hostOf<T extends Tenant>(parts: Composition<T>, tenancy: Tenancy<T>): TenancyHost {
  const { options } = parts;
  return {
    clock: parts.clock,
    central: parts.central,
    events: parts.events as unknown as TenancyHost["events"],
    get: (key) => tenancy.get(key),
    run: (tenant, work, origin) => tenancy.run(tenant as T, work, origin),
    keys(purpose) {
      if (options.keys === undefined) throw new KeysRequiredError(purpose);
      return options.keys;
    },
    get origin() {
      return tenancy.origin();
    },
    get registry() {
      return (
        options.registry ?? missing("registry", "a registry, such as sqliteRegistry({ file })")
      );
    },
    get databases() {
      return options.databases ?? missing("databases", "tenant databases, such as sqlite({ ... })");
    },
  };
}

function missing(key: string, what: string): never {
  throw new ConfigurationError(key, "missing", `pass ${what}.`);
}
