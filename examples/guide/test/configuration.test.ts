import { randomBytes } from "node:crypto";
import { ConfigurationError, createTenancy, manualClock, memoryStore } from "@af-tenancy/core";
import { acme } from "@af-tenancy/testing";
import { expect, it, onTestFinished, vi } from "vitest";
import { Note } from "../src/note.ts";
import { configure } from "../src/tenancy-config.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it("composes a tenancy from every option", async () => {
  const changes: string[] = [];
  const surroundings = {
    folder: await temporaryFolder(),
    key: randomBytes(32).toString("base64"),
    updateMailList: async (change: string) => void changes.push(change),
    connectMail: () => ({ send: async () => {}, close: async () => {} }),
    log: { error: () => {} },
  };

  // #region use
  const { db, options } = configure(surroundings);
  const tenancy = createTenancy(options);
  await tenancy.start();
  // #endregion

  onTestFinished(() => tenancy.close());
  const acme = await tenancy.tenants.create({ slug: "acme" });
  const notes = await tenancy.run(acme, async () => db.em().findAll(Note));
  expect(notes).toEqual([]);
  await vi.waitUntil(() => changes.includes("tenant.created"));
});

it("reads tenants from a store of your own", async () => {
  // #region store
  const tenancy = createTenancy({
    store: memoryStore([acme()], { domains: new Map([["acme.example.com", acme().id]]) }),
    clock: manualClock(Date.UTC(2030, 0, 1)), // for tests; real time when left out
  });
  // #endregion

  await tenancy.start();
  expect(await tenancy.find({ by: "domain", value: "acme.example.com" })).toEqual(acme());
});

it("says at once what is wrong", () => {
  // #region wrong
  let message = "";
  try {
    createTenancy({ store: memoryStore([acme()]), central: ["https://example.com"] });
  } catch (error) {
    if (error instanceof ConfigurationError) ({ message } = error);
  }
  // Option "central[0]" is "https://example.com": give a host name in lower case, without scheme, port or path.
  // #endregion

  expect(message).toBe(
    'Option "central[0]" is "https://example.com": give a host name in lower case, without scheme, port or path.',
  );
});
