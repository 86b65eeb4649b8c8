import { describe, expect, it } from "vitest";
import {
  createTenancy,
  lazyValue,
  memoryStore,
  type TenancyBootstrapper,
  ValueExistsError,
  ValueMissingError,
  valueKey,
} from "../src/index.ts";
import { acme, globex } from "./support/tenants.ts";

const PREFIX = valueKey<string>("prefix");
const NAME = valueKey<string>("name");
const prefix = lazyValue(PREFIX, (get, scope) => `${get(NAME)}:${scope.tenant.slug}`);
const name = lazyValue(NAME, () => "shop");
const bootstrapper: TenancyBootstrapper = { name: "prefixes", values: [prefix, name] };

async function started(...bootstrappers: TenancyBootstrapper[]) {
  const tenancy = createTenancy({ store: memoryStore([acme, globex]), bootstrappers });
  await tenancy.start();
  return tenancy;
}

describe("values of a bootstrapper", () => {
  it("F001: are another one in each scope, whoever ends first", async () => {
    const tenancy = await started(bootstrapper);
    const [read, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];

    const [first, second] = await Promise.all([
      tenancy
        .run(acme, async () => {
          const before = tenancy.get(PREFIX);
          await read.promise;
          return [before, tenancy.get(PREFIX)];
        })
        .then((seen) => {
          ended.resolve();
          return seen;
        }),
      tenancy.run(globex, async () => {
        const before = tenancy.get(PREFIX);
        read.resolve();
        await ended.promise;
        return [before, tenancy.get(PREFIX)];
      }),
    ]);

    expect(first).toEqual(["shop:acme", "shop:acme"]);
    expect(second).toEqual(["shop:globex", "shop:globex"]);
  });

  it("are made once a scope asks, and taken back in reverse order", async () => {
    const told: string[] = [];
    const telling = (key: typeof NAME, word: string) =>
      lazyValue(
        key,
        (_get, scope) => {
          told.push(`made ${word} of ${scope.tenant.slug}`);
          return word;
        },
        () => void told.push(`gone ${word}`),
      );
    const tenancy = await started({
      name: "telling",
      values: [telling(NAME, "name"), telling(PREFIX, "prefix")],
    });

    await tenancy.run(globex, async () => undefined);
    await tenancy.run(acme, async () => [
      tenancy.get(PREFIX),
      tenancy.get(NAME),
      tenancy.get(PREFIX),
    ]);

    expect(told).toEqual(["made prefix of acme", "made name of acme", "gone name", "gone prefix"]);
  });

  it("are there for what bootstraps and for listeners, and no more after the end", async () => {
    const seen: string[] = [];
    const tenancy = await started(bootstrapper, {
      name: "reading",
      bootstrap: () => void seen.push(tenancy.get(PREFIX)),
    });
    tenancy.events.on("ended", () => void seen.push("ended"));
    const scope = await tenancy.run(acme, async () => tenancy.bind(() => tenancy.get(NAME)));

    expect(seen).toEqual(["shop:acme", "ended"]);
    expect(scope).toThrow("ended");
  });

  it("are those of the bootstrappers that a listener puts in place of others", async () => {
    const tenancy = await started(bootstrapper);
    tenancy.events.on("bootstrapping", ({ replaceBootstrappers }) =>
      replaceBootstrappers([{ name: "other", values: [lazyValue(NAME, () => "other")] }]),
    );

    const read = await tenancy.run(acme, async () => tenancy.get(NAME));

    expect(read).toBe("other");
    await expect(tenancy.run(acme, async () => tenancy.get(PREFIX))).rejects.toThrow(
      ValueMissingError,
    );
  });

  it("have keys of their own: in one tenancy, and beside what a scope provides", async () => {
    const again: TenancyBootstrapper = { name: "again", values: [name] };
    const providing: TenancyBootstrapper = {
      name: "providing",
      bootstrap: (scope) => scope.provide(NAME, () => "mine"),
    };

    await expect(started(bootstrapper, again)).rejects.toThrow(ValueExistsError);
    const tenancy = await started(bootstrapper, providing);
    await expect((async () => tenancy.run(acme, async () => undefined))()).rejects.toThrow(
      ValueExistsError,
    );
  });
});
