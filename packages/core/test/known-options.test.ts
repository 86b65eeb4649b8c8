import { describe, expect, it } from "vitest";
import {
  ConfigurationError,
  checkKnownOptions,
  createKeyRing,
  createTenancy,
  memoryDatabases,
  memoryRegistry,
  memoryStore,
} from "../src/index.ts";

describe("S058: options of factories", () => {
  interface Options {
    readonly file: string;
    readonly maxWait?: number;
  }
  const check = (options: unknown) =>
    checkKnownOptions<Options>("part", options as Options, { file: true, maxWait: true });

  it("pass when every key is known", () => {
    expect(() => check({})).not.toThrow();
    expect(() => check({ file: "a", maxWait: undefined })).not.toThrow();
  });

  it.each([
    [undefined, 'Option "part" is undefined: pass an object with any of file, maxWait.'],
    [null, 'Option "part" is null'],
    ["postgres://user:secret@host", 'Option "part" is of type string'],
    [[], 'Option "part" is an array'],
    [{ file: "a", maxwait: 1 }, 'Option "part.maxwait" is not known: remove it, or use one of'],
    [JSON.parse('{"__proto__": 1}'), 'Option "part.__proto__" is not known'],
    [{ toString: 1 }, 'Option "part.toString" is not known'],
  ])("are refused: %j", (options, message) => {
    expect(() => check(options)).toThrow(ConfigurationError);
    expect(() => check(options)).toThrow(message);
    expect(() => check(options)).not.toThrow("secret");
  });

  it.each([
    ["keys.curent", () => createKeyRing({ curent: "" } as never)],
    ["keys.previous", () => createKeyRing({ current: Buffer.alloc(32), previous: "old" as never })],
    ["keys", () => createKeyRing(undefined as never)],
    ["memoryRegistry", () => memoryRegistry(null as never)],
    ["memoryRegistry.maxwait", () => memoryRegistry({ maxwait: 1 } as never)],
    ["memoryRegistry.maxWait", () => memoryRegistry({ maxWait: "1" as never })],
    ["memoryRegistry.maxWait", () => memoryRegistry({ maxWait: -1 })],
    ["memoryDatabases", () => memoryDatabases(null as never)],
    ["memoryDatabases", () => memoryDatabases("memory" as never)],
    ["memoryDatabases.drivers", () => memoryDatabases({ drivers: "a" } as never)],
    ["memoryDatabases.driver", () => memoryDatabases({ driver: null as never })],
    ["memoryDatabases.driver", () => memoryDatabases({ driver: "" })],
    ["memoryStore.domain", () => memoryStore([], { domain: new Map() } as never)],
    ['events.on("failure")', () => listenWith(undefined)],
  ])('"%s" is refused', (key, make) => {
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(`Option "${key}" is `);
  });

  it.each([
    ["concurency", { concurency: 3 }],
    ["", null],
  ])("runForEach refuses %j", async (key, options) => {
    const tenancy = createTenancy({ store: memoryStore([]) });
    await tenancy.start();

    const running = tenancy.runForEach([], () => {}, options as never);

    await expect(running).rejects.toThrow(ConfigurationError);
    await expect(running).rejects.toThrow(key);
    await tenancy.close();
  });
});

function listenWith(listener: unknown) {
  return createTenancy({ store: memoryStore([]) }).events.on("failure", listener as () => void);
}
