import { describe, expect, it } from "vitest";
import {
  ConfigurationError,
  createTenancy,
  memoryDatabases,
  memoryRegistry,
  memoryStore,
  type Tenancy,
  TenancyClosedError,
  type TenancyHost,
} from "../src/index.ts";
import { composed } from "./support/composed.ts";
import { exchange } from "./support/exchange.ts";
import { acme } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

describe("a tenancy that is not started, or closed", () => {
  const uses: Readonly<Record<string, (tenancy: Tenancy) => unknown>> = {
    run: (tenancy) => tenancy.run(acme, () => {}),
    central: (tenancy) => tenancy.central(() => {}),
    runForEach: (tenancy) => tenancy.runForEach([], () => {}),
    scope: (tenancy) => tenancy.scope(() => {}),
    handle(tenancy) {
      const request = exchange("/acme", () => {});
      request.close();
      return tenancy.handle(request);
    },
  };

  it.each(Object.keys(uses))("refuses %s and says what to do", async (name) => {
    const { tenancy } = composed();

    const before = await thrownBy(() => uses[name]?.(tenancy));
    await tenancy.start();
    const between = await thrownBy(() => uses[name]?.(tenancy));
    await tenancy.close();
    const after = await thrownBy(() => uses[name]?.(tenancy));

    expect(between).toBeUndefined();
    for (const [error, state] of [
      [before, "not started"],
      [after, "closed"],
    ] as const) {
      expect(error).toBeInstanceOf(TenancyClosedError);
      expect(error).toMatchObject({ status: 503, retryAfter: 5 });
      expect((error as Error).message).toContain(`is ${state}`);
      expect((error as Error).message).toContain("await tenancy.start()");
    }
  });
});

describe("a tenancy that is starting", () => {
  it("says so to whoever is too early", async () => {
    const { tenancy } = composed();

    const starting = tenancy.start();
    await Promise.resolve();
    const error = await thrownBy(() => tenancy.run(acme, () => {}));
    await starting;

    expect((error as Error).message).toContain("is starting");
  });
});

describe("a component", () => {
  it("belongs to one tenancy", () => {
    const registry = memoryRegistry();
    createTenancy({ registry });

    expect(() => createTenancy({ registry })).toThrow(ConfigurationError);
  });

  it("is told by its host what the application has not got, with the remedy", () => {
    const { host } = composed();
    const bare = hostOf({ store: memoryStore([acme]) });

    expect(host.registry.name).toBe("registry");
    expect(host.databases.name).toBe("databases");
    expect(() => bare.registry).toThrow("pass a registry");
    expect(() => host.keys("cookie")).toThrow('"cookie" needs a key');
  });
});

function hostOf(options: Pick<Parameters<typeof createTenancy>[0], "store">): TenancyHost {
  let given: TenancyHost | undefined;
  const { place, manager, migrate, verify, bootstrapper } = memoryDatabases();
  const name = "databases";
  const attach = (host: TenancyHost) => {
    given = host;
  };
  createTenancy({
    ...(options as { store: ReturnType<typeof memoryStore> }),
    databases: { name, attach, place, manager, migrate, verify, bootstrapper },
  } as never);
  return given as TenancyHost;
}
