import {
  bootstrapBy,
  type Placement,
  type Tenant,
  type TenantDatabases,
  UnknownDriverError,
} from "@af-tenancy/core";

/** Lets a fleet live in several drivers at once: new tenants in the first one unless they wish otherwise. */
export function mixedDatabases(
  drivers: Readonly<Record<string, TenantDatabases>>,
): TenantDatabases {
  function of(driver: string | undefined): TenantDatabases {
    const name = driver ?? Object.keys(drivers)[0] ?? "none";
    const databases = Object.hasOwn(drivers, name) ? drivers[name] : undefined;
    if (databases === undefined) throw new UnknownDriverError(name);
    return databases;
  }
  const ofTenant = ({ placement }: Tenant) => of(placement?.driver);

  return {
    name: "mixed-databases",
    bootstrapper: {
      name: "mixed-databases",
      bootstrap: (scope) => bootstrapBy(ofTenant(scope.tenant).bootstrapper, scope),
    },
    place: (tenantId, generation, wish) => of(wish?.driver).place(tenantId, generation, wish),
    manager: (placement: Placement) => of(placement.driver).manager(placement),
    migrate: (tenant) => ofTenant(tenant).migrate(tenant),
    verify: (tenant) => ofTenant(tenant).verify(tenant),
  };
}
