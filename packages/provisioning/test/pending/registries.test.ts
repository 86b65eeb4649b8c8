import {
  type CentralRegistry,
  createTenancy,
  isTenancyError,
  memoryDatabases,
  memoryRegistry,
  type Tenancy,
} from "@af-tenancy/core";
import { tenantRecord, testScale } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { provisioning } from "../../src/index.ts";
import { registrySites } from "../life/registry-sites.ts";
import { journalOf } from "../support/journal-of.ts";

const sites = [
  {
    name: "memory",
    missing: "",
    async make() {
      const registry = memoryRegistry({ maxWait: 20_000 });
      return () => parted(registry);
    },
  },
  ...registrySites,
];

describe.each(sites)("a pool on $name $missing", ({ missing, make }) => {
  it.skipIf(missing !== "")(
    "F067 G12: of twenty pulls of one tenant one wins, in each round",
    { timeout: 120_000 },
    async () => {
      const { one, other, registry } = await twoProcesses(make);

      for (let round = 0; round < Math.ceil(200 * testScale()); round += 1) {
        const id = `spare-${round}`;
        const spare = { id, slug: id, status: "pending", placement: undefined } as const;
        await registry.transaction(({ tenants }) => tenants.insert(tenantRecord(spare), []));
        const pulls = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            (index % 2 === 0 ? one : other).tenants.pending.pull(
              { slug: `t-${round}-${index}`, domains: [`t-${round}-${index}.test`] },
              { ifEmpty: "none" },
            ),
          ),
        );

        const won = pulls.flatMap((pulled, index) =>
          pulled === undefined ? [] : [{ pulled, index }],
        );
        const [{ pulled, index } = {}] = won;
        expect(won).toHaveLength(1);
        expect(await registry.store.find({ by: "id", value: id })).toEqual(pulled);
        const domain = { by: "domain", value: `t-${round}-${index}.test` };
        expect(await registry.store.find(domain)).toMatchObject({ id, status: "active" });
      }
    },
  );

  it.skipIf(missing !== "")(
    "C111 C112 F055: racing fills and pulls give each tenant once, and what is refused stays in the pool",
    { timeout: 60_000 },
    async () => {
      const { one, other, registry } = await twoProcesses(make);
      const racing = <R>(times: number, call: (tenancy: Tenancy, index: number) => Promise<R>) =>
        Promise.all(
          Array.from({ length: times }, (_, index) => call(index % 2 === 0 ? one : other, index)),
        );

      const filled = await racing(2, async ({ tenants: { pending } }) => {
        const ids = await pending.fill(6);
        expect(await pending.count()).toBe(6);
        return ids;
      });
      const made = filled.flat().sort();
      expect(filled.map(({ length }) => length).sort()).toEqual([0, 6]);

      const same = await racing(4, ({ tenants }) => codeOf(tenants.pending.pull({ slug: "acme" })));
      expect(same.sort()).toEqual(["SLUG_TAKEN", "SLUG_TAKEN", "SLUG_TAKEN", "active"]);
      expect(await one.tenants.pending.count()).toBe(5);

      const before = await stateOf(registry);
      const wanted = { slug: "globex", domains: ["globex.test", "acme.test"] };
      await one.tenants.update({ by: "slug", value: "acme" }, { domains: ["acme.test"] });
      expect(await codeOf(other.tenants.pending.pull(wanted))).toBe("DOMAIN_TAKEN");
      expect(await stateOf(registry)).toEqual(before);

      const slug = (index: number) => ({ slug: `globex-${index}`, domains: [`g${index}.test`] });
      const pulled = await racing(8, ({ tenants }, index) =>
        tenants.pending.pull(slug(index), { ifEmpty: "none" }),
      );
      const acme = await registry.store.find({ by: "slug", value: "acme" });
      const ids = [acme, ...pulled].flatMap((tenant) => tenant?.id ?? []);
      expect(ids.sort()).toEqual(made);
      expect(await one.tenants.pending.count()).toBe(0);
    },
  );
});

/** What the registry has of the pool. */
async function stateOf(registry: CentralRegistry) {
  const { tenants, outbox } = await journalOf(registry);
  const pool = tenants.filter(({ status }) => status === "pending");
  const ids = pool.map(({ id }) => id);
  const more = await registry.transaction(async ({ tenants: all, audit }) =>
    Promise.all(ids.map(async (id) => [await all.domains(id), await audit.list({ tenantId: id })])),
  );
  return [pool, more, outbox.filter(({ tenantId }) => ids.includes(tenantId))];
}

async function twoProcesses(make: () => Promise<() => CentralRegistry>) {
  const open = await make();
  const databases = memoryDatabases();
  const registry = open();
  return {
    one: await startProcess(registry, databases),
    other: await startProcess(open(), databases),
    registry,
  };
}

async function startProcess(
  registry: CentralRegistry,
  all: ReturnType<typeof memoryDatabases>,
): Promise<Tenancy> {
  const { bootstrapper, place, manager, migrate, verify } = all;
  const databases = {
    ...{ name: "databases", bootstrapper },
    place: place.bind(all),
    manager: manager.bind(all),
    migrate: migrate.bind(all),
    verify: verify.bind(all),
  };
  const tenancy = createTenancy({ registry, databases, provisioning: provisioning() });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return tenancy;
}

function parted(registry: CentralRegistry): CentralRegistry {
  const { store, changes } = registry;
  return { name: "registry", store, changes, transaction: (work) => registry.transaction(work) };
}

async function codeOf(pulling: Promise<{ readonly status: string }>): Promise<unknown> {
  try {
    return (await pulling).status;
  } catch (error) {
    return isTenancyError(error) ? error.code : error;
  }
}
