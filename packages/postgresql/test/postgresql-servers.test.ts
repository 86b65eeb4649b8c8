import { expect, it } from "vitest";
import { postgresqlLanguage } from "../src/postgresql-language.ts";
import { PostgresqlServers } from "../src/postgresql-servers.ts";

const { types } = postgresqlLanguage();
const connection = {
  ...{ host: "db", user: "app", password: "secret", replicas: [{ host: "db2", user: "reader" }] },
};

it("S023: a replica is reached as its server is, but for what it says itself", () => {
  const servers = new PostgresqlServers(connection, {}, types);

  expect(servers.replicas("default")).toMatchObject([
    {
      name: "replica1",
      address: { host: "db2", port: 5432, user: "reader", password: "secret" },
    },
  ]);
  expect(servers.address("default")).not.toHaveProperty("replicas");
});

it.each([
  ["listed", { eu: { host: "eu" }, us: { host: "us", replicas: [{ host: "us2" }] } }],
  [
    "found",
    (server: string) =>
      ({ eu: { host: "eu" }, us: { host: "us", replicas: [{ host: "us2" }] } })[server],
  ],
] as const)("S023: servers that are %s have no replicas but their own", (_, list) => {
  const servers = new PostgresqlServers(connection, list, types);

  expect(servers.replicas("eu")).toEqual([]);
  expect(servers.replicas("us")).toMatchObject([
    { address: { host: "us2", user: "app", queryTimeout: 30_000 } },
  ]);
  expect(servers.replicas("us")).toBe(servers.replicas("us"));
  expect(servers.replicas("nobody")).toEqual([]);
});

it("S023: what a server leaves out is as in connection, also where it says undefined", () => {
  const eu = { host: "eu", user: undefined, replicas: [{ host: "eu2" }] } as never;
  const servers = new PostgresqlServers(connection, { eu }, types);

  expect(servers.address("eu")).toMatchObject({ host: "eu", user: "app" });
  expect(servers.replicas("eu")).toMatchObject([{ address: { host: "eu2", user: "app" } }]);
});

it.each<[{ queryTimeout?: number }, { queryTimeout?: number }, number]>([
  [{}, {}, 30_000],
  [{ queryTimeout: 5 }, {}, 5],
  [{ queryTimeout: 5 }, { queryTimeout: 7 }, 7],
  [{}, { queryTimeout: 7 }, 7],
])(
  "S023: a server with %j and a replica with %j reads for %i ms at most",
  (own, theirs, expected) => {
    const replicas = [{ host: "db2", ...theirs }];
    const servers = new PostgresqlServers({ ...own, replicas }, {}, undefined);

    const [replica] = servers.replicas("default");

    expect(replica?.address.queryTimeout).toBe(expected);
    expect(servers.address("default").queryTimeout).toBe(own.queryTimeout);
  },
);
