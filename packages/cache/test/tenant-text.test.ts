import { acme, globex, tenantRecord } from "@af-tenancy/testing";
import { expect, it } from "vitest";
import { readingOf, referenceText, referredOf, textOf } from "../src/layers/tenant-text.ts";

const whole = acme({
  metadata: { colours: ["red"], deep: { number: 1 } },
  maintenance: { message: "soon", retryAfter: 5, from: 1, until: 2, allowed: ["::1"], bypass: "x" },
  placement: {
    ...{ driver: "sqlite", strategy: "database", server: "default", name: "t_acme_g1" },
    ...{ generation: 1, secret: undefined },
  },
  ...{ plan: "large", expiresAt: 9, graceUntil: 8, formerStatus: "active", schemaVersion: "0001" },
});

it.each([acme(), globex(), whole, tenantRecord({ slug: 'é\0"{' })])(
  "reads what it wrote, with every key there is, so that nobody can change it",
  (tenant) => {
    const read = readingOf(textOf({ tenant, asOf: 7 }), tenant.id);

    expect(read).toEqual({ tenant, asOf: 7 });
    expect(Object.keys(read?.tenant ?? {}).sort()).toEqual(Object.keys(tenant).sort());
    expect(Object.isFrozen(read?.tenant.metadata)).toBe(true);
    expect(readingOf(textOf({ tenant, asOf: 7 }), "another")).toBeUndefined();
  },
);

it("reads nothing where a single field is of another type", () => {
  const { asOf, tenant } = JSON.parse(textOf({ tenant: whole, asOf: 7 }) ?? "");
  const wrong = (value: unknown) => (Array.isArray(value) ? {} : [value]);

  for (const key of Object.keys(tenant)) {
    const text = JSON.stringify({ asOf, tenant: { ...tenant, [key]: wrong(tenant[key]) } });
    expect(readingOf(text, whole.id), key).toBeUndefined();
  }
  for (const part of ["maintenance", "placement"]) {
    for (const key of Object.keys(tenant[part])) {
      const spoilt = { ...tenant, [part]: { ...tenant[part], [key]: wrong(tenant[part][key]) } };
      expect(readingOf(JSON.stringify({ asOf, tenant: spoilt }), whole.id), key).toBeUndefined();
    }
  }
});

it("writes and reads nothing that is too long", () => {
  const long = acme({ name: "x".repeat(256 * 1024) });

  expect(textOf({ tenant: long, asOf: 1 })).toBeUndefined();
  expect(readingOf(JSON.stringify({ asOf: 1, tenant: long }), long.id)).toBeUndefined();
});

it("reads to whom a reference leads, and nothing else", () => {
  expect(referredOf(referenceText({ id: "acme", asOf: 3 }))).toEqual({ id: "acme", asOf: 3 });
  for (const text of [
    "",
    "{}",
    '{"id":"","asOf":1}',
    '{"id":1,"asOf":1}',
    '{"id":"a","asOf":-1}',
    7,
  ]) {
    expect(referredOf(text), String(text)).toBeUndefined();
  }
});
