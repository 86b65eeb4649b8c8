import {
  ConfigurationError,
  createTenancy,
  KeysRequiredError,
  memoryRegistry,
} from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { postgresql } from "@af-tenancy/postgresql";
import { expect, expectTypeOf, it } from "vitest";
import { Author, Note } from "./entities.ts";

it.each([
  ["connection", { connection: "postgres://localhost/app" }],
  ["connection.port", { connection: { port: "5432" } }],
  ["connection.port", { connection: { port: 65_536 } }],
  ["connection.connectTimeout", { connection: { connectTimeout: 2 ** 31 } }],
  ["connection.queryTimeout", { connection: { queryTimeout: 2 ** 31 } }],
  ["connection.host", { connection: { host: "" } }],
  ["connection.ssl", { connection: { ssl: "require" } }],
  ["connection.connectTimeout", { connection: { connectTimeout: 0 } }],
  ["connection.queryTimeout", { connection: { queryTimeout: -1 } }],
  ["connection.hostname", { connection: { hostname: "typo" } }],
  ["servers.eu.port", { servers: { eu: { port: 0 } } }],
  ["servers.default", { servers: { default: {} } }],
  ["connection.replicas[0].port", { connection: { replicas: [{ port: 0 }] } }],
  ["connection.replicas[0].replicas", { connection: { replicas: [{ port: 1, replicas: [] }] } }],
  ["servers.eu.replicas[0]", { servers: { eu: { host: "eu", replicas: [{}] } } }],
  ["readOnlyFrom", { readOnlyFrom: "replica" }],
  ["readOnlyFrom", { readOnlyFrom: "replicas" }],
  ["readOnlyFrom", { readOnlyFrom: "replicas", servers: { eu: { host: "eu" } } }],
  ["strategy", { strategy: "table" }],
  ["maxConnections", { maxConnections: 0 }],
  ["maxConnection", { maxConnection: 5 }],
  ["entities", { entities: [] }],
  ["connection", { connection: undefined }],
  ["connection", { connection: null }],
  ["connection", { connection: [] }],
  ["connection", { connection: 0 }],
  ["connection.ssl", { connection: { ssl: [] } }],
  ["servers", { servers: 0 }],
  ["servers", { servers: null }],
  ["servers", { servers: "eu" }],
  ["servers", { servers: [{ host: "eu" }] }],
  ["servers", { servers: new Map([["eu", { host: "eu" }]]) }],
  ["servers.eu", { servers: { eu: null } }],
  ["servers.eu", { servers: { eu: [] } }],
  ["users", { users: 0 }],
  ["users", { users: null }],
  ["users", { users: "yes" }],
  ["strategy", { strategy: null }],
  ["strategy", { strategy: 0 }],
  ["strategy", { strategy: "row" }],
  ["strategy", { strategy: "row", strategies: ["schema"] }],
  ["users", { users: true, strategies: ["row"] }],
  ["strategies", { strategies: null }],
  ["strategies", { strategies: "row" }],
  ["strategies", { strategies: ["row", "row"] }],
  ["tenantColumn", { strategies: ["row"], tenantColumn: null }],
  ["global", { strategies: ["row"], global: 0 }],
  ["global", { strategies: ["row"], global: null }],
  ["central", { central: 0 }],
  ["central", { central: null }],
  ["central", { central: "app" }],
  ["central.database", { central: { entities: [Note] } }],
  ["central.database", { central: { database: 0, entities: [Note] } }],
  ["central.server", { central: { database: "app", server: null, entities: [Note] } }],
  ["central.server", { central: { database: "app", server: "eu", entities: [Note] } }],
  ["central.name", { central: { database: "app", name: "app", entities: [Note] } }],
  ["sharedSchema", { sharedSchema: 0 }],
  ["sharedSchema", { sharedSchema: null }],
  ["sharedSchema", { sharedSchema: "public" }],
  ["sharedRole", { sharedRole: null }],
  ["sharedRole", { sharedRole: "-role" }],
  ["maxConnections", { maxConnections: null }],
  ["maxConnections", { maxConnections: "10" }],
])("S058: refuses a wrong %s: %j", (key, wrong) => {
  const options = { connection: {}, entities: [Note, Author], ...wrong };
  const make = () => postgresql(options as never);

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`Option "${key}" is `);
});

it.each([undefined, null, 0, "postgres://app:secret@db", [], new Map()])(
  "S058: refuses options that are no object: %s",
  (options) => {
    const make = () => postgresql(options as never);

    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow('Option "postgresql" is ');
    expect(make).not.toThrow("secret");
  },
);

it("S058: says of a wrong option what it is and what to do, and shows no text that may be a secret", () => {
  const make = (wrong: object) => () =>
    postgresql({ connection: {}, entities: [Note, Author], ...wrong });

  expect(make({ users: 0 })).toThrow('Option "users" is 0: give true or false.');
  expect(make({ servers: "postgres://app:secret@db" })).toThrow(
    'Option "servers" is of type string: give settings by name, such as { eu: { host } }',
  );
});

it.each<[string, unknown, string]>([
  ["queryTimeout", Number.POSITIVE_INFINITY, "Infinity: give whole milliseconds"],
  ["connectTimeout", Number.NaN, "NaN: give whole milliseconds"],
  ["port", 99_999, "99999: give a whole number from 1 to 65535"],
  ["host", { password: "secret" }, "an object: give the name or the address"],
  ["pooler", "yes", '"yes": give true or false'],
])("S058: says of the %s %s what was given and what to give", (key, value, told) => {
  const make = () =>
    postgresql({ connection: { [key]: value } as never, entities: [Note, Author] });

  expect(make).toThrow(`Option "connection.${key}" is ${told}`);
});

it("C025: refuses a server that is described by a URL, and says what to give", () => {
  const make = () =>
    postgresql({
      connection: {},
      servers: { eu: "postgres://eu.example.com/app" as never },
      entities: [Note, Author],
    });

  expect(make).toThrow('Option "servers.eu" is no object: give { host, port');
});

it.each([
  ["encoding", 8],
  ["encoding", null],
  ["encoding", "UTF8'; drop"],
  ["collation", {}],
  ["collation", ""],
])("C036: refuses the %s %j", (key, value) => {
  const make = () =>
    postgresql({ connection: { [key]: value } as never, entities: [Note, Author] });

  expect(make).toThrow(`"connection.${key}"`);
});

it("never shows a password", () => {
  const make = () =>
    postgresql({ connection: { password: 12345 as never }, entities: [Note, Author] });

  expect(make).toThrow("connection.password");
  expect(make).not.toThrow("12345");
});

it("connects to nothing before it is asked to", async () => {
  const db = postgresql({ connection: { port: 1 }, entities: [Note, Author] });
  const tenancy = createTenancy({ registry: memoryRegistry(), databases: db });

  await tenancy.start();
  await tenancy.close();

  expectTypeOf(db).toExtend<MikroOrmDatabases>();
});

it("asks for a key ring when users need one", () => {
  const db = postgresql({ connection: {}, users: true, entities: [Note, Author] });

  expect(() => createTenancy({ registry: memoryRegistry(), databases: db })).toThrow(
    KeysRequiredError,
  );
});

it.each([
  { connection: { replicas: [{ port: 1 }] } },
  { servers: { eu: { replicas: [{ port: 1 }] } } },
  { servers: () => undefined },
])("S023: readers may be kept to replicas where a server may have some: %j", (given) => {
  const options = { connection: {}, entities: [Note], readOnlyFrom: "replicas" as const };

  expect(() => postgresql({ ...options, ...given })).not.toThrow();
});
