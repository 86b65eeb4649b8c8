import { expect, it } from "vitest";
import {
  type AdmissionOptions,
  ConfigurationError,
  createTenancy,
  memoryStore,
} from "../src/index.ts";

it.each([
  ["admission", "strict"],
  ["admission.pages", { pages: {} }],
  ["admission.page", { page: "<h1>" }],
  ["admission.clientAddress", { clientAddress: "x-real-ip" }],
  ["admission.bypassMs", { bypassMs: 999 }],
  ["admission.bypassMs", { bypassMs: Number.NaN }],
  ["admission.answers", { answers: [] }],
  ["admission.answers.TENANT_LOST", { answers: { TENANT_LOST: {} } }],
  ["admission.answers.TENANT_BLOCKED", { answers: { TENANT_BLOCKED: 404 } }],
  ["admission.answers.TENANT_BLOCKED.status", { answers: { TENANT_BLOCKED: { status: 200 } } }],
  ["admission.answers.TENANT_BLOCKED.message", { answers: { TENANT_BLOCKED: { message: "" } } }],
  ["admission.answers.TENANT_BLOCKED.page", { answers: { TENANT_BLOCKED: { page: 1 } } }],
  ["admission.answers.TENANT_BLOCKED.view", { answers: { TENANT_BLOCKED: { view: "x" } } }],
])("S009: refuses %s at start", (key, admission) => {
  const make = () =>
    createTenancy({ store: memoryStore([]), admission: admission as AdmissionOptions });

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`Option "${key}" is `);
});
