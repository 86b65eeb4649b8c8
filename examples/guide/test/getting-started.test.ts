import { expect, it } from "vitest";
import { Note } from "../src/note.ts";
import { startFleet } from "./start-fleet.ts";

it("keeps the notes of two tenants apart", async () => {
  const { db, tenancy } = await startFleet();
  const first = { slug: "acme", domains: ["acme.localhost"], idempotencyKey: "first" };
  await tenancy.tenants.create(first);

  // #region second
  const second = { slug: "globex", domains: ["globex.localhost"], idempotencyKey: "second" };
  await tenancy.tenants.create(second);
  // #endregion

  await tenancy.run({ by: "domain", value: "globex.localhost" }, async () => {
    db.em().create(Note, { text: "Hello" });
    await db.em().flush();
  });
  const notesOf = (domain: string) =>
    tenancy.run({ by: "domain", value: domain }, async () => db.em().findAll(Note));
  expect(await notesOf("globex.localhost")).toMatchObject([{ id: 1, text: "Hello" }]);
  expect(await notesOf("acme.localhost")).toEqual([]);
});
