import { expect, it } from "vitest";
import { mysqlParts } from "../src/mysql-flavour.ts";
import { MysqlServers } from "../src/mysql-servers.ts";

const { types } = mysqlParts("mariadb");
const connection = {
  ...{ host: "db", user: "app", password: "secret", replicas: [{ host: "db2", user: "reader" }] },
};
const others = {
  eu: { host: "eu" },
  us: { host: "us", replicas: [{ host: "us2", name: "near" }] },
};

it("S023: a replica is reached as its server is, but for what it says itself", () => {
  const servers = new MysqlServers(connection, {}, types);

  const [replica] = servers.replicas("default");

  expect(replica).toMatchObject({ name: "replica1", maxConnections: undefined });
  expect(replica?.server).toMatchObject({
    id: "default/replica1",
    client: { host: "db2", port: 3306 },
    own: { user: "reader", password: "secret" },
  });
  expect(servers.of("default").address).not.toHaveProperty("replicas");
});

it.each([
  ["listed", others],
  ["found", (id: string) => (others as Record<string, object>)[id]],
] as const)("S023: servers that are %s have no replicas but their own", (_, list) => {
  const servers = new MysqlServers(connection, list, types);

  expect(servers.replicas("eu")).toEqual([]);
  expect(servers.replicas("us").map(({ server }) => server.id)).toEqual(["us/near"]);
  expect(() => servers.of("us/near")).toThrow("placement.server");
  expect(() => servers.replicas("nobody")).toThrow("placement.server");
});
