import {
  createTenancy,
  memoryStore,
  type Tenancy,
  type TenancyBootstrapper,
  type TenancyParts,
  type Tenant,
  type ValueKey,
  valueKey,
} from "../../src/index.ts";

/** Two tenants whose rows have the same primary keys. */
export const acme: Tenant = Object.freeze({
  id: "acme-id",
  slug: "acme",
  status: "active",
  version: 1,
  placement: undefined,
});
export const globex: Tenant = Object.freeze({ ...acme, id: "globex-id", slug: "globex" });
export const initech: Tenant = Object.freeze({ ...acme, id: "initech-id", slug: "initech" });

/** The rows of the current tenant. */
export const ROWS: ValueKey<Map<number, string>> = valueKey("rows");

/** Gives each tenant its own rows, kept between stays as a database would keep them. */
export function rowsBootstrapper(): TenancyBootstrapper {
  const databases = new Map<string, Map<number, string>>();
  return {
    name: "rows",
    bootstrap(scope) {
      scope.provide(ROWS, () => {
        const rows = databases.get(scope.tenant.id) ?? new Map<number, string>();
        databases.set(scope.tenant.id, rows);
        return rows;
      });
    },
  };
}

/** Notes what happens to it, as `bootstrap 1 acme` and `undo 1 acme`. */
export function noting(
  name: string,
  log: string[],
  fail?: "bootstrap" | "undo",
): TenancyBootstrapper {
  return {
    name,
    bootstrap({ tenant }) {
      if (fail === "bootstrap") throw new RangeError(`${name} cannot start`);
      log.push(`bootstrap ${name} ${tenant.slug}`);
      return () => {
        log.push(`undo ${name} ${tenant.slug}`);
        if (fail === "undo") throw new RangeError(`${name} cannot stop`);
      };
    },
  };
}

/** A started tenancy over the three tenants. */
export async function startTenancy(parts: TenancyParts<Tenant> = {}): Promise<Tenancy<Tenant>> {
  const tenancy = createTenancy<Tenant>({ store: memoryStore([acme, globex, initech]), ...parts });
  await tenancy.start();
  return tenancy;
}

/** A promise and the function that resolves it, to decide in a test who goes on when. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
