import { ContextEndedError, InvalidInputError, NoTenantContextError } from "@af-tenancy/core";
import { ConnectionHeldError } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";

const bulk = { lane: "bulk" } as const;

it("C020: keeps background work of two tenants with equal keys apart, one inside the other", async () => {
  const { db, tenancy, acme, globex } = await startFleet();

  const texts = await tenancy.run(acme, async () => {
    await db.em(bulk).insert(Note, { id: 1, text: "acme" });
    const other = await tenancy.run(globex, async () => {
      await db.em(bulk).insert(Note, { id: 1, text: "globex" });
      return (await db.em(bulk).findOneOrFail(Note, 1)).text;
    });
    return [(await db.em(bulk).findOneOrFail(Note, 1)).text, other];
  });

  expect(texts).toEqual(["acme", "globex"]);
});

it("gives one for each stay, beside the scope's own, with an identity map and transactions of its own", async () => {
  const { db, tenancy, acme } = await startFleet();

  await tenancy.run(acme, async () => {
    await db.em().insert(Note, { id: 1, text: "acme" });
    const em = db.em(bulk);
    expect(db.em(bulk)).toBe(em);
    expect(db.em()).not.toBe(em);
    expect(await em.findOneOrFail(Note, 1)).not.toBe(await db.em().findOneOrFail(Note, 1));
    await em.transactional(async (inner) => {
      expect(db.em(bulk)).toBe(inner);
      expect(db.em()).not.toBe(inner);
    });
  });
});

it("F014: throws at once, either inside the other's transaction of one file", async () => {
  const { db, tenancy, acme } = await startFleet();

  await tenancy.run(acme, async () => {
    await db.em().transactional(async () => {
      await expect(db.em(bulk).count(Note, {})).rejects.toThrow(ConnectionHeldError);
    });
    await db.em(bulk).transactional(async () => {
      await expect(db.em().count(Note, {})).rejects.toThrow(ConnectionHeldError);
    });
  });
});

it("ends with the scope, and refuses a lane that there is not", async () => {
  const { db, tenancy, acme } = await startFleet();
  expect(() => db.em(bulk)).toThrow(NoTenantContextError);

  const em = await tenancy.run(acme, async () => {
    expect(() => db.em({ lane: "fast" as never })).toThrow("fast");
    for (const wrong of [null, "bulk", 0]) {
      expect(() => db.em(wrong as never)).toThrow(InvalidInputError);
      expect(() => db.readOnly(wrong as never)).toThrow(InvalidInputError);
    }
    return db.em(bulk);
  });

  await expect(em.count(Note, {})).rejects.toThrow(ContextEndedError);
});

it("may write no more than the scope's own", async () => {
  const { db, tenancy, acme } = await startFleet();

  await tenancy.run({ ...acme, access: "read-only" }, async () => {
    await expect(db.em(bulk).insert(Note, { id: 1, text: "no" })).rejects.toMatchObject({
      code: "TENANT_READ_ONLY",
    });
  });
});
