import { ConfigurationError } from "@af-tenancy/core";
import { namedReplicas, type ReplicaSettings } from "@af-tenancy/database";
import { expect, it } from "vitest";

interface Address {
  readonly host: string;
  readonly port: number;
  readonly database?: string;
}

const primary: Address = { host: "db", port: 1 };

it("S023: a replica is as its server but for what it says itself, and has a name", () => {
  const replicas = name([
    { host: "db2", port: undefined },
    { host: "db3", name: "far", maxConnections: 3 },
  ]);

  const queryTimeout = 30_000;
  expect(replicas).toEqual([
    {
      name: "replica1",
      address: { host: "db2", port: 1, queryTimeout },
      maxConnections: undefined,
    },
    { name: "far", address: { host: "db3", port: 1, queryTimeout }, maxConnections: 3 },
  ]);
  expect(name(undefined)).toEqual([]);
});

it.each([
  ["replicas", { host: "db2" }],
  ["replicas[0]", ["db2"]],
  ["replicas[0]", [{}]],
  ["replicas[1]", [{ host: "db2" }, { host: "db2", name: "again" }]],
  [
    "replicas[1].name",
    [
      { host: "db2", name: "same" },
      { host: "db3", name: "same" },
    ],
  ],
  ["replicas[1].name", [{ host: "db2", name: "replica2" }, { host: "db3" }]],
  ["replicas[0].name", [{ host: "db2", name: "a/b" }]],
  ["replicas[0].name", [{ host: "db2", name: 1 }]],
  ["replicas[0].name", [{ host: "db2", name: "primary" }]],
  ["replicas[0].maxConnections", [{ host: "db2", maxConnections: 0 }]],
])("S023: refuses wrong %s: %j", (key, list) => {
  const make = () => name(list);

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`"${key}"`);
});

it("S023: a pooler may lead to a replica by the name of a database", () => {
  const replicas = name([{ database: "app_replica" }]);

  expect(replicas).toMatchObject([{ address: { ...primary, database: "app_replica" } }]);
});

function name(list: unknown) {
  return namedReplicas<ReplicaSettings & Partial<Address>, Address>(
    "replicas",
    list as never,
    primary,
    (_, own) => ({
      ...primary,
      ...own,
    }),
  );
}
