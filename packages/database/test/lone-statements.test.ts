import { ContextEndedError, systemClock } from "@af-tenancy/core";
import { type LeaseScope, PoolExhaustedError, statement, Turns } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { LeasingDriver } from "../src/connection/leasing-driver.ts";
import { SingleConnection } from "../src/connection/single-connection.ts";
import { memoryDialect, openInMemory } from "./memory-driver.ts";

it("holds a lease while its statement runs, and gives the connection back", async () => {
  const { driver, connection, leases } = make();

  const running = driver.executeQuery(statement("select 1 as one"));
  expect(leases.size).toBe(1);

  expect(await running).toMatchObject({ rows: [{ one: 1 }] });
  expect([leases.size, connection.isFree]).toEqual([0, true]);
});

it("gives the connection back when the statement fails", async () => {
  const { driver, connection, leases } = make();

  await expect(driver.executeQuery(statement("nonsense"))).rejects.toThrow("syntax error");

  expect([leases.size, connection.isFree]).toEqual([0, true]);
});

it("sends nothing once the scope has ended, not even after a wait for the connection", async () => {
  const { driver, connection, leases, end } = make();
  await driver.executeQuery(statement("create table notes (id)"));
  const held = await connection.lease();

  const waiting = driver.executeQuery(statement("insert into notes values (1)"));
  end();
  await held.release();

  await expect(waiting).rejects.toThrow(ContextEndedError);
  await expect(driver.executeQuery(statement("select 1"))).rejects.toThrow(ContextEndedError);
  expect([leases.size, connection.isFree]).toEqual([0, true]);
  const reader = await connection.lease();
  expect(await reader.connection.executeQuery(statement("select * from notes"))).toMatchObject({
    rows: [],
  });
});

it("lets go of its scope when no connection is to be had", async () => {
  const { driver, leases } = make(() => Promise.reject(new RangeError("no file")));

  await expect(driver.executeQuery(statement("select 1"))).rejects.toThrow("no file");

  expect(leases.size).toBe(0);
});

function make(open = () => openInMemory(memoryDialect())) {
  const leases = new Set<object>();
  let ended = false;
  const scope: LeaseScope = {
    signal: new AbortController().signal,
    lease() {
      if (ended) throw new ContextEndedError("acme");
      const lease = {};
      leases.add(lease);
      return () => void leases.delete(lease);
    },
  };
  const connection = new SingleConnection({
    open,
    turns: new Turns(systemClock(), 1_000, (waited) => new PoolExhaustedError("acme", waited)),
  });
  const end = () => {
    ended = true;
  };
  return { driver: new LeasingDriver(connection, scope), connection, leases, end };
}
