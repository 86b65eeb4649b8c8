import { ConfigurationError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { mysql } from "../src/index.ts";
import { Note } from "./entities.ts";

it.each([
  ["flavour", { flavour: "mongo" }],
  ["maxConnections", { maxConnections: 0 }],
  ["maxConnection", { maxConnection: 5 }],
  ["maxWait", { maxWait: -1 }],
  ["flavour", { flavour: null }],
  ["maxConnections", { maxConnections: null }],
  ["connection", { connection: undefined }],
  ["connection", { connection: null }],
  ["connection", { connection: [] }],
  ["connection", { connection: "mysql://app@db" }],
  ["servers", { servers: 0 }],
  ["servers", { servers: null }],
  ["servers", { servers: "eu" }],
  ["servers", { servers: [{ host: "eu" }] }],
  ["servers.default", { servers: { default: { host: "another" } } }],
  ["servers.eu", { servers: { eu: [] } }],
  ["users", { users: "x" }],
  ["users", { users: 0 }],
  ["users", { users: null }],
  ["users", { users: [] }],
  ["users", { users: true, strategies: ["row"] }],
  ["users.grant", { users: { grant: ["SELECT"] } }],
  ["users.grants", { users: { grants: "SELECT" } }],
  ["users.grants", { users: { grants: null } }],
  ["users.host", { users: { host: null } }],
  ["encoding", { encoding: "utf8mb4" }],
  ["encoding", { encoding: null }],
  ["strategies", { strategies: null }],
  ["strategies", { strategies: "row" }],
  ["strategies", { strategies: ["row", "row"] }],
  ["readOnlyFrom", { readOnlyFrom: "replicas" }],
  ["readOnlyFrom", { readOnlyFrom: "replicas", servers: { eu: { host: "eu" } } }],
  ["sharedDatabase", { sharedDatabase: null }],
  ["sharedDatabase", { sharedDatabase: 0 }],
  ["central", { central: 0 }],
  ["central", { central: null }],
  ["central", { central: "app" }],
  ["central.database", { central: { entities: [Note] } }],
  ["central.server", { central: { database: "app", server: 0, entities: [Note] } }],
  ["central.server", { central: { database: "app", server: "eu", entities: [Note] } }],
])("S058: refuses a wrong %s: %j", (key, wrong) => {
  const options = { connection: { host: "nowhere.invalid", user: "app" }, entities: [Note] };
  const make = () => mysql({ ...options, ...wrong } as never);

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`Option "${key}" is `);
});

it.each([undefined, null, 0, "mysql://app:secret@db", []])(
  "S058: refuses options that are no object: %s",
  (options) => {
    const make = () => mysql(options as never);

    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow('Option "mysql" is ');
    expect(make).not.toThrow("secret");
  },
);

it.each([
  { connection: { host: "db", user: "app", replicas: [{ port: 1 }] } },
  { servers: { eu: { replicas: [{ port: 1 }] } } },
  { servers: () => undefined },
])("S023: readers may be kept to replicas where a server may have some: %j", (given) => {
  const connection = { host: "db", user: "app" };
  const options = { connection, entities: [Note], readOnlyFrom: "replicas" as const };

  expect(() => mysql({ ...options, ...given })).not.toThrow();
});
