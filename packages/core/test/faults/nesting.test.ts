import fc from "fast-check";
import { expect, it } from "vitest";
import type { Tenancy, TenancyBootstrapper, TenantRecord } from "../../src/index.ts";
import { OWNER, startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";

/** One scope in a tree of scopes. */
interface Branch {
  readonly tenant: TenantRecord | null;
  readonly asynchronous: boolean;
  readonly fails: boolean;
  readonly inside: readonly Branch[];
}

const tenants = [acme, globex, null] as const;

const tree: fc.Memo<Branch> = fc.memo((depth) =>
  fc.record({
    tenant: fc.constantFrom(...tenants),
    asynchronous: fc.boolean(),
    fails: fc.boolean(),
    inside: depth > 1 ? fc.array(tree(), { maxLength: 3 }) : fc.constant([]),
  }),
);
const trees = fc.array(tree(6), { minLength: 1, maxLength: 2 });

it("F004: in any tree of scopes the inner one restores the outer exactly, also when it fails", async () => {
  await fc.assert(
    fc.asyncProperty(trees, async (branches) => {
      const booted: string[] = [];
      const tenancy = await startTenancy({ bootstrappers: [counting(booted)] });

      for (const branch of branches) await walk(tenancy, branch);

      expect(tenancy.current()).toBeNull();
      expect(booted).toEqual(branches.flatMap((branch) => entries(branch, null)));
    }),
    { numRuns: 300 },
  );
});

it("F004: the same tenant inside itself runs no bootstrapper and keeps its values", async () => {
  const booted: string[] = [];
  const tenancy = await startTenancy({ bootstrappers: [counting(booted)] });

  await tenancy.run(acme, async () => {
    const outer = tenancy.get(OWNER);
    await tenancy.run({ ...acme, version: 2 }, (tenant) => {
      expect(tenant).toBe(acme);
      expect(tenancy.get(OWNER)).toBe(outer);
    });
    expect(tenancy.get(OWNER)).toBe(outer);
  });

  expect(booted).toEqual(["acme", "-acme"]);
});

/** Enters a branch and everything inside it, and looks around after each step. */
async function walk(tenancy: Tenancy, branch: Branch): Promise<void> {
  const { tenant, asynchronous, fails, inside } = branch;
  const before = look(tenancy);
  const visit = async () => {
    const here = look(tenancy);
    expect(here.tenant?.id).toBe(tenant?.id);
    expect(here.owner?.slug).toBe(tenant?.slug);
    if (asynchronous) await Promise.resolve();
    for (const one of inside) {
      await walk(tenancy, one);
      expect(look(tenancy)).toEqual(here);
      expect(look(tenancy).owner).toBe(here.owner);
    }
    if (fails) throw new RangeError("a branch fails");
  };

  const visited = tenant === null ? tenancy.central(visit) : tenancy.run(tenant, visit);
  expect(look(tenancy).tenant).toBe(before.tenant); // restored at once for whoever does not await
  if (fails) await expect(visited).rejects.toThrow(RangeError);
  else await visited;
  expect(look(tenancy).tenant).toBe(before.tenant);
  expect(look(tenancy).owner).toBe(before.owner);
}

function look(tenancy: Tenancy) {
  const tenant = tenancy.current();
  return { tenant, owner: tenant === null ? undefined : tenancy.get(OWNER) };
}

/** What the bootstrapper of a branch has to see: nothing where the tenant is the outer one. */
function entries({ tenant, inside }: Branch, outer: TenantRecord | null): string[] {
  const deeper = inside.flatMap((one) => entries(one, tenant));
  if (tenant === null || tenant.id === outer?.id) return deeper;
  return [tenant.slug, ...deeper, `-${tenant.slug}`];
}

function counting(booted: string[]): TenancyBootstrapper<TenantRecord> {
  return {
    name: "counting",
    bootstrap(scope) {
      const { slug } = scope.tenant;
      booted.push(slug);
      scope.provide(OWNER, () => ({ slug }));
      return () => void booted.push(`-${slug}`);
    },
  };
}
