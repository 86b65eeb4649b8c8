import { expect, it } from "vitest";
import { Borrower } from "../src/connection/pool/borrower.ts";
import { ConnectionLists } from "../src/connection/pool/connection-lists.ts";
import { openConnection } from "../src/connection/pool/open-connection.ts";
import { memoryDriver } from "./memory-driver.ts";

it("keeps no name for ever of those whose connections are gone", async () => {
  const connection = await open();
  const lists = new ConnectionLists();

  for (let number = 0; number < 1_000; number++) {
    lists.add(`tenant-${number}`, connection);
    lists.remove(`tenant-${number}`, connection);
  }

  expect(lists.size).toBeLessThanOrEqual(16);
});

it("keeps every connection that was not taken out, whatever names come and go", async () => {
  const [one, other] = [await open(), await open()];
  const lists = new ConnectionLists();
  for (const connection of [one, other, one]) lists.add("acme", connection);

  for (let number = 0; number < 100; number++) {
    lists.add(`tenant-${number}`, other);
    lists.remove(`tenant-${number}`, other);
  }
  lists.remove("acme", other);

  expect(lists.of("acme")).toEqual([one, one]);
});

it("looks for empty lists the more seldom the more there are that are not", async () => {
  const connection = await open();
  const lists = new ConnectionLists();
  for (let number = 0; number < 20; number++) lists.add(`kept-${number}`, connection);

  for (let number = 0; number < 10; number++) {
    lists.add(`tenant-${number}`, connection);
    lists.remove(`tenant-${number}`, connection);
  }

  expect(lists.size).toBe(30);
});

async function open() {
  const { connections, place } = memoryDriver();
  const database = { tenantId: "acme", placement: place("acme", 1) };
  return openConnection(connections, new Borrower(database, connections), () => 0);
}
