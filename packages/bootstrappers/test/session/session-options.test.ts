import { createTenancy, memoryStore } from "@af-tenancy/core";
import expressSessions from "express-session";
import { Keyv } from "keyv";
import { expect, it } from "vitest";
import {
  expressSession,
  fastifySession,
  koaSession,
  type TenantSessionOptions,
} from "../../src/session/index.ts";

const tenancy = createTenancy({ store: memoryStore([]) });
const options = { tenancy, keyv: new Keyv(), secret: "s".repeat(32) };

it.each([
  ["an unknown key", { maxage: 1 }, "expressSession.maxage"],
  ["no tenancy", { tenancy: undefined }, "tenancy"],
  ["no Keyv", { keyv: { get() {}, set() {}, delete() {} } }, "expressSession.keyv"],
  ["a short secret", { secret: "s".repeat(31) }, "expressSession.secret"],
  ["no secret", { secret: [] }, "expressSession.secret"],
  ["seconds for milliseconds", { maxAge: 60 }, "expressSession.maxAge"],
  ["a text for a switch", { rolling: "yes" }, "expressSession.rolling"],
])("refuses %s", (_, wrong, key) => {
  const given = { ...options, ...wrong } as unknown as TenantSessionOptions;

  const make = () => expressSession(expressSessions, given);

  expect(make).toThrowError(expect.objectContaining({ code: "INVALID_CONFIGURATION" }));
  expect(make).toThrowError(key);
});

it.each([
  ["expressSession", () => expressSession(undefined as never, options)],
  ["koaSession", () => koaSession(undefined as never, {}, options)],
  ["koaSession", () => koaSession((() => ({})) as never, undefined as never, options)],
  ["koaSession", () => koaSession((() => ({})) as never, { keys: ["mine"] }, options)],
  ["fastifySession", () => fastifySession(undefined as never, options)],
])("%s refuses what is no library or no application", (name, make) => {
  expect(make).toThrowError(expect.objectContaining({ code: "INVALID_CONFIGURATION" }));
  expect(make).toThrowError(name);
});
