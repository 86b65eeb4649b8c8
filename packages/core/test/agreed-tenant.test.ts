import { describe, expect, it } from "vitest";
import { centralDomains } from "../src/central-domains.ts";
import { Identification } from "../src/identification.ts";
import {
  memoryStore,
  RegistryUnavailableError,
  TenantConflictError,
  TenantNotFoundError,
  type TenantRecord,
  type TenantResolution,
  type TenantStore,
} from "../src/index.ts";
import { acme, globex } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

const central = centralDomains([]);
const tenants = memoryStore([acme, globex]);
const slowTenants: TenantStore<TenantRecord> = {
  ...tenants,
  find: async (reference) => tenants.find(reference),
};

const named = (by: string, value: string): TenantResolution => ({
  kind: "tenant",
  candidates: [{ by, value }],
});
const nobody: TenantResolution = { kind: "nobody", reference: { by: "host", value: "x" } };

describe.each([
  { pace: "at once", store: tenants },
  { pace: "later", store: slowTenants },
])("opinions that have to agree, looked up $pace", ({ store }) => {
  const identification = new Identification({ name: "test", resolve }, central, store);
  const find = async (...resolutions: readonly TenantResolution[]) =>
    identification.find({
      kind: "strict",
      opinions: resolutions.map((resolution, index) => ({ resolver: `r${index}`, resolution })),
    });

  it("F028: mean one tenant, however it is named", async () => {
    await expect(find(named("slug", "acme"))).resolves.toBe(acme);
    await expect(find(named("slug", "acme"), named("id", acme.id))).resolves.toBe(acme);
    await expect(find({ kind: "central" }, { kind: "central" })).resolves.toBeNull();
  });

  it.each<[string, readonly TenantResolution[], string]>([
    [
      "two tenants",
      [named("slug", "acme"), named("slug", "globex")],
      `r0: "${acme.id}", r1: "${globex.id}"`,
    ],
    [
      "a third tenant",
      [named("slug", "acme"), named("id", acme.id), named("slug", "globex")],
      `r2: "${globex.id}"`,
    ],
    [
      "a tenant and the central side",
      [named("slug", "acme"), { kind: "central" }],
      `r0: "${acme.id}", r1: central`,
    ],
    [
      "the central side and a tenant",
      [{ kind: "central" }, named("slug", "acme")],
      `r0: central, r1: "${acme.id}"`,
    ],
    [
      "a tenant and an unknown one",
      [named("slug", "acme"), named("slug", "hooli")],
      `r0: "${acme.id}", r1: nobody`,
    ],
    ["a tenant and nobody", [nobody, named("slug", "acme")], `r0: nobody, r1: "${acme.id}"`],
    ["the central side and nobody", [{ kind: "central" }, nobody], "r0: central, r1: nobody"],
  ])("F028: are refused with 400 when they mean %s", async (_, opinions, told) => {
    const error = (await thrownBy(() => find(...opinions))) as TenantConflictError;

    expect(error).toBeInstanceOf(TenantConflictError);
    expect(error).toMatchObject({ code: "TENANT_CONFLICT", status: 400 });
    expect(error.message).toContain(told);
    expect(error.publicMessage).not.toContain(acme.id);
  });

  it("F028: are an unknown tenant when all of them are", async () => {
    const error = await thrownBy(() => find(nobody, named("slug", "hooli")));

    expect(error).toBeInstanceOf(TenantNotFoundError);
  });

  it("are looked up to the last one, and may be nested", async () => {
    const opinion = (resolver: string, value: string) => ({
      resolver,
      resolution: named("slug", value),
    });
    const inner: TenantResolution = {
      kind: "strict",
      opinions: [opinion("a", "acme"), opinion("b", "globex")],
    };

    await expect(find(named("slug", "acme"), inner)).rejects.toThrow('b: "');
  });
});

it("F028: says that the registry cannot be asked, and never that opinions differ", async () => {
  const store: TenantStore<TenantRecord> = {
    ...tenants,
    find: ({ value }) => (value === "globex" ? Promise.reject(new Error("down")) : acme),
  };
  const identification = new Identification({ name: "test", resolve }, central, store);

  const error = await thrownBy(async () =>
    identification.find({
      kind: "strict",
      opinions: [
        { resolver: "a", resolution: named("slug", "acme") },
        { resolver: "b", resolution: named("slug", "globex") },
      ],
    }),
  );

  expect(error).toBeInstanceOf(RegistryUnavailableError);
});

function resolve(): undefined {
  return undefined;
}
