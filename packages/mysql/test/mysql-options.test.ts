import { ConfigurationError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { mysql } from "../src/index.ts";
import { Note } from "./entities.ts";

it.each([
  ["flavour", { flavour: "mongo" }],
  ["maxConnections", { maxConnections: 0 }],
  ["maxConnection", { maxConnection: 5 }],
  ["maxWait", { maxWait: -1 }],
])("S058: refuses a wrong %s: %j", (key, wrong) => {
  const options = { connection: { host: "nowhere.invalid", user: "app" }, entities: [Note] };
  const make = () => mysql({ ...options, ...wrong } as never);

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`Option "${key}" is `);
});
