import { describe, expect, it } from "vitest";
import { eventNames } from "../src/events.ts";
import {
  ConfigurationError,
  createKeyRing,
  createTenancy,
  defineTenancy,
  KeysRequiredError,
  manualClock,
  memoryDatabases,
  memoryRegistry,
  memoryStore,
  type TenancyOptions,
} from "../src/index.ts";
import { pathResolver } from "./support/start-tenancy.ts";
import { acme } from "./support/tenants.ts";

const store = memoryStore([acme]);
const bootstrapper = (name: string) => ({ name, bootstrap: () => {} });

describe("options that are right", () => {
  it("are accepted, each on its own and undefined", () => {
    const all = {
      registry: memoryRegistry(),
      store,
      resolve: pathResolver,
      databases: memoryDatabases(),
      bootstrappers: [bootstrapper("one"), bootstrapper("two")],
      keys: createKeyRing({ current: Buffer.alloc(32) }),
      central: ["example.com", "localhost", "[::1]", "127.0.0.1"],
      cookieHint: false,
      hooks: Object.fromEntries(eventNames.map((name) => [name, () => {}])),
      clock: manualClock(),
      graceMs: 0,
    };
    const consumers = { "search-index": () => {}, "cache_2.0": () => {} };

    expect(() => defineTenancy({ ...all, consumers })).not.toThrow();
    expect(() => defineTenancy({ store, consumers: undefined } as never)).not.toThrow();
    for (const [key, value] of Object.entries(all)) {
      expect(() => defineTenancy({ store, [key]: value } as never), key).not.toThrow();
      if (key === "store") continue;
      expect(() => defineTenancy({ store, [key]: undefined } as never), key).not.toThrow();
    }
  });

  it.each(["statusChanging", "statusChanged", "conditionsChanged"])("hooks take %s", (name) => {
    expect(() => defineTenancy({ store, hooks: { [name]: () => {} } })).not.toThrow();
  });

  it("are copied and frozen by defineTenancy", () => {
    const options = { store };
    const defined = defineTenancy(options);

    expect(defined).toEqual(options);
    expect(defined).not.toBe(options);
    expect(Object.isFrozen(defined)).toBe(true);
  });
});

describe("S058: an option that is wrong is named with its value and the remedy", () => {
  it.each<[key: string, value: string, remedy: string, options: unknown]>([
    ["createTenancy", "undefined", "pass an object", undefined],
    ["createTenancy", "null", "pass an object", null],
    ["createTenancy", "of type string", "pass an object", "config"],
    ["registry", "missing", "store: memoryStore", {}],
    ["registry", "42", "pass a registry", { registry: 42 }],
    ["registry.name", "undefined", "has to be a string", { registry: {} }],
    ["registry.store", "null", "has to be a object", { registry: { name: "r", store: null } }],
    [
      "registry.transaction",
      "undefined",
      "has to be a function",
      { registry: { name: "r", store } },
    ],
    ["consumers", "42", "an object of listeners", { registry: memoryRegistry(), consumers: 42 }],
    [
      "consumers",
      "null",
      "an object of listeners",
      { registry: memoryRegistry(), consumers: null },
    ],
    ["consumers", "an array", "an object", { registry: memoryRegistry(), consumers: [() => {}] }],
    ["consumers", "without a registry", "pass registry", { store, consumers: {} }],
    [
      "consumers",
      'named ""',
      "1 to 100 letters",
      { registry: memoryRegistry(), consumers: { "": () => {} } },
    ],
    [
      "consumers",
      "named a string of 101 characters",
      "1 to 100 letters",
      { registry: memoryRegistry(), consumers: { ["a".repeat(101)]: () => {} } },
    ],
    [
      "consumers.cache",
      "undefined",
      "pass a function",
      { registry: memoryRegistry(), consumers: { cache: undefined } },
    ],
    ["store.list", "undefined", "memoryStore([...])", { store: [] }],
    ["store.find", "undefined", "memoryStore([...])", { store: {} }],
    ["store.list", "true", "memoryStore([...])", { store: { find: () => {}, list: true } }],
    ["resolve", "a value of type function", "domainResolver()", { store, resolve: () => {} }],
    ["resolve.name", '""', "domainResolver()", { store, resolve: { ...pathResolver, name: "" } }],
    [
      "resolve",
      'a resolver that believes the header "X-Tenant", which anybody can set',
      "trusted(resolver, { peers })",
      { store, resolve: { ...pathResolver, spoofable: 'the header "X-Tenant"' } },
    ],
    ["resolve.resolve", "undefined", "domainResolver()", { store, resolve: { name: "r" } }],
    ["databases.bootstrapper", "undefined", "sqlite(", { store, databases: { name: "d" } }],
    ["provisioning.create", "undefined", "provisioning()", { store, provisioning: { name: "p" } }],
    ["keys.encrypt", "undefined", "createKeyRing", { store, keys: {} }],
    ["clock.now", "undefined", "leave it out", { store, clock: {} }],
    ["bootstrappers", "a value of type object", "an array", { store, bootstrappers: {} }],
    ["bootstrappers[0]", "undefined", "values or bootstrap", { store, bootstrappers: [undefined] }],
    ["bootstrappers[0]", "null", "values or bootstrap", { store, bootstrappers: [null] }],
    [
      "bootstrappers[0].values",
      '"key"',
      "pass an array",
      { store, bootstrappers: [{ name: "a", values: "key" }] },
    ],
    [
      "bootstrappers[0].values[0].create",
      "undefined",
      "lazyValue()",
      { store, bootstrappers: [{ name: "a", values: [{ key: Symbol("a") }] }] },
    ],
    [
      "bootstrappers[1].name",
      "7",
      "has to be a string",
      { store, bootstrappers: [bootstrapper("one"), { ...bootstrapper("two"), name: 7 }] },
    ],
    [
      "bootstrappers[0].bootstrap",
      "undefined",
      "has to be a function",
      { store, bootstrappers: [{ name: "one" }] },
    ],
    ["central", "a string", "an array of host names", { store, central: "example.com" }],
    ["cookieHint", '"yes"', "true or false", { store, cookieHint: "yes" }],
    [
      "cookieHint",
      "true with a store that vouches for nothing",
      "cachedTenantStore()",
      { store, cookieHint: true, keys: createKeyRing({ current: Buffer.alloc(32) }) },
    ],
    ["central.has", "undefined", "an array of host names", { store, central: { names: [] } }],
    ["hooks", "false", "by event", { store, hooks: false }],
    ["hooks.initialised", "not an event", "initialized", { store, hooks: { initialised() {} } }],
    ["hooks.denied", '"log"', "pass a function", { store, hooks: { denied: "log" } }],
    ["graceMs", "-1", "0 or more", { store, graceMs: -1 }],
    ["graceMs", "NaN", "0 or more", { store, graceMs: Number.NaN }],
    ["graceMs", "Infinity", "0 or more", { store, graceMs: Number.POSITIVE_INFINITY }],
    ["graceMs", '"5s"', "0 or more", { store, graceMs: "5s" }],
    ["createTenancy.resolver", "not known", "resolve", { store, resolver: pathResolver }],
  ])("%s is %s: ...%s", (key, value, remedy, options) => {
    for (const compose of [createTenancy, defineTenancy]) {
      const error = refusalOf(() => compose(options as TenancyOptions));

      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error.key).toBe(key);
      expect(error.message).toContain(`Option "${key}" is ${value}`);
      expect(error.message).toContain(remedy);
    }
  });

  it.each([
    "Example.com",
    "https://example.com",
    "example.com/",
    "example.com:8080",
    "[::1]:8080",
    "example.com.",
    "exämple.com",
    "-example.com",
    "*",
    "*.",
    "*example.com",
    "*.*.example.com",
    "a.*.example.com",
    "www..example.com",
    "example-.com",
    ".",
    ":",
    "[",
    "::1",
    `${"a".repeat(64)}.com`,
    " example.com",
    "",
    7,
    undefined,
  ])("central[1] is %o", (host) => {
    const central = ["example.com", host as string];

    const error = refusalOf(() => defineTenancy({ store, central }));

    expect(error.key).toBe("central[1]");
    expect(error.message).toContain("without scheme, port or path");
  });

  it("a bootstrapper has another one's name", () => {
    const bootstrappers = [bootstrapper("cache"), bootstrapper("log"), bootstrapper("cache")];

    const error = refusalOf(() => defineTenancy({ store, bootstrappers }));

    expect(error.key).toBe("bootstrappers[2].name");
    expect(error.message).toContain('"cache"');
    expect(error.message).toContain("give each its own");
  });

  it("a bootstrapper has the name of the databases' own", () => {
    const databases = memoryDatabases();
    const bootstrappers = [bootstrapper(databases.bootstrapper.name)];

    const error = refusalOf(() => defineTenancy({ store, databases, bootstrappers }));

    expect(error.key).toBe("bootstrappers[0].name");
    expect(error.message).toContain(`"${databases.bootstrapper.name}"`);
  });
});

describe("a secret in the wrong place is not repeated in the error", () => {
  const key = Buffer.alloc(32, 7).toString("base64");
  const url = "postgres://app:hunter2@db/registry";

  it.each([
    ["keys", key],
    ["registry", url],
    ["store", url],
    ["databases", url],
    ["provisioning", url],
  ])("%s", (option, secret) => {
    const error = refusalOf(() => defineTenancy({ store, [option]: secret } as never));

    expect(error.key).toBe(option);
    expect(error.message).toContain("string");
    expect(error.message).not.toContain(secret);
  });
});

function refusalOf(compose: () => unknown): ConfigurationError {
  try {
    compose();
  } catch (error) {
    return error as ConfigurationError;
  }
  return expect.fail("nothing was refused");
}

it("S043: hints in cookies need keys", () => {
  expect(() => defineTenancy({ store, cookieHint: true })).toThrow(KeysRequiredError);
});
