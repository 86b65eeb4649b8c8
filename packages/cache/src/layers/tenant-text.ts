import type { JsonValue, Maintenance, Placement, TenantRecord } from "@af-tenancy/core";
import { frozenTenant } from "../frozen-tenant.ts";
import type { Reading } from "./held-tenant.ts";

/** Writes a tenant as Redis keeps it; `undefined` for one that is too long to be kept. */
export function textOf({ tenant, asOf }: Reading): string | undefined {
  const text = JSON.stringify({ asOf, tenant });
  return text.length <= mostCharacters ? text : undefined;
}

/** Reads what `textOf` wrote; `undefined` for anything else, and for another tenant's record. */
export function readingOf(text: unknown, id: string): Reading | undefined {
  const { asOf, tenant } = objectOf(text);
  const record = recordOf(Object(tenant));
  return isSequence(asOf) && record?.id === id ? { asOf, tenant: record } : undefined;
}

/** Writes to whom a reference leads. */
export function referenceText(reference: { readonly id: string; readonly asOf: number }): string {
  return JSON.stringify(reference);
}

/** Reads what `referenceText` wrote; `undefined` for anything else. */
export function referredOf(
  text: unknown,
): { readonly id: string; readonly asOf: number } | undefined {
  const { id, asOf } = objectOf(text);
  return isSequence(asOf) && typeof id === "string" && id !== "" ? { id, asOf } : undefined;
}

const mostCharacters = 256 * 1024;

interface Loose {
  readonly [key: string]: JsonValue | undefined;
}

function objectOf(text: unknown): Loose {
  if (typeof text !== "string" || text.length > mostCharacters) return {};
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function isSequence(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Every field by itself: what was written by hand or by another version must not become half a tenant. */
function recordOf(value: Loose): TenantRecord | undefined {
  const keys = Object.keys(checks) as (keyof typeof checks)[];
  if (!keys.every((key) => checks[key](value[key]))) return undefined;
  const record = Object.fromEntries(keys.map((key) => [key, value[key]]));
  const { placement: place } = value;
  if (isObject(place)) record.placement = Object.assign({ secret: undefined }, place);
  return frozenTenant(record as unknown as TenantRecord);
}

type Check = (value: JsonValue | undefined) => boolean;

const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number";
const isFlag: Check = (value) => typeof value === "boolean";
const areTexts: Check = (value) => Array.isArray(value) && value.every(isText);

function orNothing(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function isObject(value: JsonValue | undefined): value is Loose & JsonValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Checks an object field by field. */
function objectWith(fields: Readonly<Record<string, Check>>): Check {
  return (value) =>
    isObject(value) && Object.entries(fields).every(([key, check]) => check(value[key]));
}

const placement: { readonly [K in keyof Placement]: Check } = {
  driver: isText,
  strategy: isText,
  server: isText,
  name: isText,
  generation: isNumber,
  secret: orNothing(isText),
};

const maintenance: { readonly [K in keyof Required<Maintenance>]: Check } = {
  message: isText,
  retryAfter: isNumber,
  from: orNothing(isNumber),
  until: orNothing(isNumber),
  allowed: orNothing(areTexts),
  bypass: orNothing(isText),
};

/** One for each field there is: a record that came back without one would be another tenant. */
const checks: { readonly [K in keyof TenantRecord]: Check } = {
  id: isText,
  slug: isText,
  name: isText,
  status: isText,
  access: isText,
  version: isNumber,
  createdAt: isNumber,
  updatedAt: isNumber,
  homepage: isFlag,
  metadata: isObject,
  plan: orNothing(isText),
  schemaVersion: orNothing(isText),
  formerStatus: orNothing(isText),
  createdBy: orNothing(isText),
  updatedBy: orNothing(isText),
  expiresAt: orNothing(isNumber),
  suspendedAt: orNothing(isNumber),
  deletedAt: orNothing(isNumber),
  graceUntil: orNothing(isNumber),
  lastAccessedAt: orNothing(isNumber),
  maintenance: orNothing(objectWith(maintenance)),
  placement: orNothing(objectWith(placement)),
};
