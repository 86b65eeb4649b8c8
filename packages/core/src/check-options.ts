import { checkAdmission } from "./admission-options.ts";
import { assertTrusted } from "./assert-trusted.ts";
import { isCentralName } from "./central-domains.ts";
import type { TenancyBootstrapper } from "./contracts/bootstrapper.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { ConfigurationError, KeysRequiredError } from "./errors/configuration-errors.ts";
import { eventNames } from "./events.ts";
import { checkKnownOptions } from "./known-options.ts";
import type { TenancyOptions } from "./tenancy-options.ts";

/** Checks options at start; throws `ConfigurationError` with the key, the value and the remedy. */
export function checkOptions<T extends Tenant>(options: TenancyOptions<T>): void {
  checkKnownOptions("createTenancy", options, known);
  checkSource(options);
  checkMembers(
    "resolve",
    options.resolve,
    { name: "string", resolve: "function" },
    "a resolver, such as domainResolver()",
  );
  assertTrusted("resolve", options.resolve);
  checkMembers(
    "databases",
    options.databases,
    databases,
    "tenant databases, such as sqlite({ ... })",
  );
  checkMembers("provisioning", options.provisioning, operations, "provisioning()");
  checkMembers(
    "keys",
    options.keys,
    { encrypt: "function", decrypt: "function", sign: "function", verify: "function" },
    "createKeyRing({ current })",
  );
  checkMembers(
    "clock",
    options.clock,
    { now: "function", monotonic: "function", sleep: "function" },
    "a Clock, or leave it out",
  );
  checkBootstrappers(options.bootstrappers, options.databases?.bootstrapper.name);
  checkCentral(options.central);
  checkAdmission(options.admission);
  checkCookieHint(options);
  checkHooks(options.hooks);
  checkConsumers(options);
  const { graceMs } = options;
  if (graceMs !== undefined && !(Number.isFinite(graceMs) && graceMs >= 0)) {
    throw new ConfigurationError("graceMs", show(graceMs), "give milliseconds, 0 or more.");
  }
}

const known = {
  registry: true,
  store: true,
  resolve: true,
  databases: true,
  provisioning: true,
  bootstrappers: true,
  keys: true,
  admission: true,
  central: true,
  cookieHint: true,
  hooks: true,
  consumers: true,
  clock: true,
  graceMs: true,
} as const;

const databases = {
  name: "string",
  bootstrapper: "object",
  place: "function",
  manager: "function",
  migrate: "function",
  verify: "function",
} as const;
const operations = {
  name: "string",
  create: "function",
  update: "function",
  run: "function",
  repair: "function",
} as const;

type Members = Readonly<Record<string, "string" | "function" | "object" | "symbol">>;

function checkSource<T extends Tenant>({ registry, store }: TenancyOptions<T>): void {
  if (registry === undefined && store === undefined) {
    throw new ConfigurationError(
      "registry",
      "missing",
      "pass registry: sqliteRegistry({ file }), or store: memoryStore([...]) to read only.",
    );
  }
  checkMembers(
    "registry",
    registry,
    { name: "string", store: "object", transaction: "function" },
    "a registry, such as sqliteRegistry({ file })",
  );
  checkMembers(
    "store",
    store,
    { find: "function", list: "function" },
    "a TenantStore, such as memoryStore([...])",
  );
}

function checkMembers(key: string, value: unknown, members: Members, remedy: string): void {
  if (value === undefined) return;
  const isObject = typeof value === "object" && value !== null;
  // Not its text: where an object belongs, a text may be a key or an address with a password.
  const kind = typeof value === "string" ? "a string" : show(value);
  if (!isObject) throw new ConfigurationError(key, kind, `pass ${remedy}.`);
  for (const [member, type] of Object.entries(members)) {
    const actual = (value as Readonly<Record<string, unknown>>)[member];
    if (typeof actual === type && actual !== null && actual !== "") continue;
    throw new ConfigurationError(
      `${key}.${member}`,
      show(actual),
      `it has to be a ${type}: pass ${remedy}.`,
    );
  }
}

const bootstrapper = "an object with a name, and values or bootstrap";

function checkValues(key: string, list: unknown): void {
  if (list === undefined) return;
  if (!Array.isArray(list)) throw new ConfigurationError(key, show(list), "pass an array.");
  for (const [i, one] of list.entries()) {
    checkMembers(`${key}[${i}]`, one ?? null, { key: "symbol", create: "function" }, "lazyValue()");
  }
}

function checkBootstrappers(list: unknown, taken: string | undefined): void {
  if (list === undefined) return;
  if (!Array.isArray(list))
    throw new ConfigurationError("bootstrappers", show(list), "pass an array.");
  const names = new Set([taken]);
  for (const [i, one] of list.entries()) {
    const key = `bootstrappers[${i}]`;
    if (one === undefined) throw new ConfigurationError(key, "undefined", `pass ${bootstrapper}.`);
    checkMembers(key, one, { name: "string" }, bootstrapper);
    const { name, values, bootstrap } = one as Partial<TenancyBootstrapper> & { name: string };
    if (values === undefined || bootstrap !== undefined) {
      checkMembers(key, one, { bootstrap: "function" }, bootstrapper);
    }
    checkValues(`${key}.values`, values);
    if (names.has(name))
      throw new ConfigurationError(
        `${key}.name`,
        show(name),
        "another bootstrapper has this name: give each its own.",
      );
    names.add(name);
  }
}

function checkCentral(central: unknown): void {
  if (central === undefined) return;
  if (!Array.isArray(central)) {
    checkMembers(
      "central",
      central,
      { names: "object", has: "function" },
      'an array of host names, such as ["example.com"]',
    );
    return;
  }
  for (const [i, host] of central.entries()) {
    if (isCentralName(host)) continue;
    throw new ConfigurationError(
      `central[${i}]`,
      show(host),
      "give a host name in lower case, without scheme, port or path.",
    );
  }
}

function checkCookieHint<T extends Tenant>({ cookieHint, keys, store }: TenancyOptions<T>): void {
  if (cookieHint === undefined || cookieHint === false) return;
  if (cookieHint !== true) {
    throw new ConfigurationError("cookieHint", show(cookieHint), "pass true or false.");
  }
  if (keys === undefined) throw new KeysRequiredError("cookieHint");
  if (store?.hints !== undefined) return;
  const remedy = "pass one that hears of every change, such as store: cachedTenantStore().";
  throw new ConfigurationError("cookieHint", "true with a store that vouches for nothing", remedy);
}

function checkHooks(hooks: unknown): void {
  if (hooks === undefined) return;
  if (typeof hooks !== "object" || hooks === null)
    throw new ConfigurationError("hooks", show(hooks), "pass an object of listeners by event.");
  for (const [name, listener] of Object.entries(hooks)) {
    if (!(eventNames as readonly string[]).includes(name)) {
      throw new ConfigurationError(
        `hooks.${name}`,
        "not an event",
        `use one of ${eventNames.join(", ")}.`,
      );
    }
    if (typeof listener !== "function")
      throw new ConfigurationError(`hooks.${name}`, show(listener), "pass a function.");
  }
}

function checkConsumers<T extends Tenant>({ consumers, registry }: TenancyOptions<T>): void {
  if (consumers === undefined) return;
  if (typeof consumers !== "object" || consumers === null || Array.isArray(consumers))
    throw new ConfigurationError("consumers", show(consumers), "pass an object of listeners.");
  if (registry === undefined)
    throw new ConfigurationError("consumers", "without a registry", "pass registry as well.");
  for (const [name, listener] of Object.entries(consumers)) {
    if (!consumerName.test(name)) {
      const remedy = "use 1 to 100 letters, digits, dots, hyphens and underscores.";
      throw new ConfigurationError("consumers", `named ${show(name)}`, remedy);
    }
    if (typeof listener !== "function")
      throw new ConfigurationError(`consumers.${name}`, show(listener), "pass a function.");
  }
}

const consumerName = /^[A-Za-z0-9._-]{1,100}$/;

/** Shows a value without its secrets: its kind, and the text of short strings only. */
function show(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string")
    return value.length <= 60 ? JSON.stringify(value) : `a string of ${value.length} characters`;
  if (typeof value === "number" || typeof value === "boolean" || value === undefined)
    return String(value);
  return Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
