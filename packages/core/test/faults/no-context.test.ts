import { describe, expect, it } from "vitest";
import {
  memoryDatabases,
  NoScopeError,
  NoTenantContextError,
  outsideTenancy,
  ScopeSealedError,
  type Tenancy,
  ValueMissingError,
  valueKey,
} from "../../src/index.ts";
import { OWNER, ownerBootstrapper, startTenancy } from "../support/start-tenancy.ts";
import { acme } from "../support/tenants.ts";
import { thrownBy } from "../support/thrown-by.ts";

const needsTenant: Readonly<Record<string, (tenancy: Tenancy) => unknown>> = {
  "get()": (tenancy) => tenancy.get(OWNER),
  "currentOrFail()": (tenancy) => tenancy.currentOrFail(),
  "waitUntil()": (tenancy) => tenancy.waitUntil(Promise.resolve()),
  "bindIterator()": (tenancy) => tenancy.bindIterator([1][Symbol.iterator]()),
};
const needsScope: Readonly<Record<string, (tenancy: Tenancy) => unknown>> = {
  "initialize()": (tenancy) => tenancy.initialize(acme),
  "end()": (tenancy) => tenancy.end(),
  "reinitialize()": (tenancy) => tenancy.reinitialize(),
};

describe("with no context", () => {
  it.each(Object.keys(needsTenant))("F016: %s throws NoTenantContextError", async (name) => {
    const tenancy = await startTenancy({ bootstrappers: [ownerBootstrapper] });
    const use = () => needsTenant[name]?.(tenancy);

    const direct = await thrownBy(use);
    const fromTimer = await new Promise((resolve) => {
      setImmediate(() => void thrownBy(use).then(resolve));
    });
    const outside = await tenancy.run(acme, () => thrownBy(() => outsideTenancy(use)));

    for (const error of [direct, fromTimer, outside]) {
      expect(error).toBeInstanceOf(NoTenantContextError);
      expect((error as Error).message).toContain("tenancy.run(tenant, fn)");
    }
  });

  it.each(Object.keys(needsScope))(
    "F016: %s throws NoScopeError, sealed ScopeSealedError",
    async (name) => {
      const tenancy = await startTenancy();
      const use = () => needsScope[name]?.(tenancy);

      const outside = await thrownBy(use);
      const insideRun = await tenancy.run(acme, () => thrownBy(use));
      const insideCentral = await tenancy.central(() => thrownBy(use));

      expect(outside).toBeInstanceOf(NoScopeError);
      expect(insideRun).toBeInstanceOf(ScopeSealedError);
      expect(insideCentral).toBeInstanceOf(ScopeSealedError);
    },
  );

  it("F016: current() is null and origin() empty, so nothing defaults to a tenant", async () => {
    const tenancy = await startTenancy();

    expect(tenancy.current()).toBeNull();
    expect(tenancy.origin()).toEqual({});
  });

  it("F016: a tenant's database is not reached from central or from an open scope without tenant", async () => {
    const databases = memoryDatabases();
    const tenancy = await startTenancy({ databases });

    expect(() => databases.get()).toThrow(NoTenantContextError);
    await tenancy.central(() => expect(() => databases.get()).toThrow(NoTenantContextError));
    await tenancy.scope(() => expect(() => databases.get()).toThrow(NoTenantContextError));
  });

  it("F016: in a tenant a value that nobody provides is missing, not undefined", async () => {
    const tenancy = await startTenancy();

    await tenancy.run(acme, () => {
      expect(() => tenancy.get(valueKey("mailer"))).toThrow(ValueMissingError);
    });
  });

  it("F016: another tenancy's tenant in the same process is not this one's", async () => {
    const tenancy = await startTenancy({ bootstrappers: [ownerBootstrapper] });
    const other = await startTenancy();

    await other.run(acme, async () => {
      expect(tenancy.current()).toBeNull();
      expect(() => tenancy.get(OWNER)).toThrow(NoTenantContextError);
      expect(await thrownBy(() => tenancy.initialize(acme))).toBeInstanceOf(NoScopeError);
    });
  });
});
