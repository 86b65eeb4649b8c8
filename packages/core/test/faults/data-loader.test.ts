import { describe, expect, it } from "vitest";
import {
  ContextEndedError,
  NoTenantContextError,
  type Scope,
  type Tenancy,
  type TenancyBootstrapper,
  TenantMismatchError,
  type TenantRecord,
  type ValueKey,
  valueKey,
} from "../../src/index.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";
import { thrownBy } from "../support/thrown-by.ts";

/** Collects the keys of one turn and loads them together, as DataLoader does; it serves the scope that made it. */
class TenantLoader {
  readonly #tenancy: Tenancy;
  readonly #scope: Scope;
  readonly #read: (keys: readonly string[]) => readonly string[];
  #batch: { keys: string[]; loaded: Promise<readonly string[]> } | undefined;

  constructor(
    tenancy: Tenancy,
    scope: Scope,
    read: (keys: readonly string[]) => readonly string[],
  ) {
    this.#tenancy = tenancy;
    this.#scope = scope;
    this.#read = read;
  }

  async load(key: string): Promise<string> {
    const current = this.#tenancy.currentOrFail();
    const owner = this.#scope.tenant.id;
    if (current.id !== owner) throw new TenantMismatchError("A loader", owner, current.id);
    this.#scope.signal.throwIfAborted();
    this.#batch ??= this.#nextBatch();
    const { keys, loaded } = this.#batch;
    const at = keys.push(key) - 1;
    return (await loaded)[at] as string;
  }

  #nextBatch() {
    const keys: string[] = [];
    const loaded = Promise.resolve().then(() => {
      this.#batch = undefined;
      return this.#read(keys);
    });
    return { keys, loaded };
  }
}

const LOADER: ValueKey<TenantLoader> = valueKey("loader");

describe("a loader held by the scope", () => {
  it("F012: loads its own tenant's rows together, also beside another tenant's", async () => {
    const { tenancy, batches } = await started();
    const visit = (tenant: TenantRecord) =>
      tenancy.run(tenant, () => {
        const loader = tenancy.get(LOADER);
        return Promise.all([loader.load("1"), loader.load("2")]);
      });

    const rows = await Promise.all([visit(acme), visit(globex)]);

    expect(rows).toEqual([
      ["acme 1", "acme 2"],
      ["globex 1", "globex 2"],
    ]);
    expect(batches).toEqual(["acme 1,2", "globex 1,2"]);
  });

  it("F012: used in another tenant it throws and reads nothing", async () => {
    const { tenancy, batches } = await started();

    const error = await tenancy.run(acme, async () => {
      const loader = tenancy.get(LOADER);
      return thrownBy(() => tenancy.run(globex, () => loader.load("1")));
    });

    expect(error).toBeInstanceOf(TenantMismatchError);
    expect(batches).toEqual([]);
  });

  it("F012: used after its scope it throws and reads nothing, wherever", async () => {
    const { tenancy, batches } = await started();
    const loader = await tenancy.run(acme, () => tenancy.get(LOADER));

    const outside = await thrownBy(() => loader.load("1"));
    const nextStay = await thrownBy(() => tenancy.run(acme, () => loader.load("1")));
    const elsewhere = await thrownBy(() => tenancy.run(globex, () => loader.load("1")));

    expect(outside).toBeInstanceOf(NoTenantContextError);
    expect(nextStay).toBeInstanceOf(ContextEndedError);
    expect(elsewhere).toBeInstanceOf(TenantMismatchError);
    expect(batches).toEqual([]);
  });
});

async function started() {
  const batches: string[] = [];
  let loaderOf: (scope: Scope) => TenantLoader;
  const bootstrapper: TenancyBootstrapper = {
    name: "loader",
    bootstrap: (scope) => scope.provide(LOADER, () => loaderOf(scope)),
  };
  const tenancy = await startTenancy({ bootstrappers: [bootstrapper] });
  loaderOf = (scope) =>
    new TenantLoader(tenancy, scope, (keys) => {
      batches.push(`${tenancy.current()?.slug} ${keys}`);
      return keys.map((key) => `${tenancy.current()?.slug} ${key}`);
    });
  return { tenancy, batches };
}
