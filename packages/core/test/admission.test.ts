import { describe, expect, it } from "vitest";
import { admit } from "../src/admission.ts";
import {
  errorResponse,
  isTenancyError,
  type MigratedTenant,
  type Placement,
  type Tenant,
  type TenantConditions,
  TenantDeniedError,
  type TenantLifeDates,
  type TenantMigrations,
  TenantNotFoundError,
  type TenantStatus,
} from "../src/index.ts";
import { acme } from "./support/tenants.ts";

const now = 1_000;
const clock = { now: () => now };
/** Nobody may ask it. */
const stoppedClock = {
  now(): number {
    throw new RangeError("asked for the time");
  },
};
const everybody = { isBehind: () => true };
const placement: Placement = {
  ...{ driver: "memory", strategy: "database", server: "default", name: "t_acme_g1" },
  ...{ generation: 1, secret: undefined },
};
const maintenance = { message: "Back at noon.", retryAfter: 600 };

/** Every status, and what is answered outside. */
const answers: Readonly<
  Record<TenantStatus, readonly [status: number, code: string] | "admitted">
> = {
  active: "admitted",
  provisioning: [503, "TENANT_NOT_READY"],
  failed: [503, "TENANT_NOT_READY"],
  inactive: [403, "TENANT_INACTIVE"],
  suspended: [403, "TENANT_SUSPENDED"],
  blocked: [403, "TENANT_BLOCKED"],
  archived: [403, "TENANT_ARCHIVED"],
  pending: [404, "TENANT_NOT_FOUND"],
  deleting: [404, "TENANT_NOT_FOUND"],
  deleted: [404, "TENANT_NOT_FOUND"],
};

describe("the status", () => {
  it.each(Object.entries(answers))("%s is answered as it should be", (status, expected) => {
    const error = refusalOf({ status: status as TenantStatus });

    expect(error === undefined ? "admitted" : [error.status, error.code]).toEqual(expected);
  });

  it("of an unknown kind is not admitted", () => {
    expect(refusalOf({ status: "dormant" as TenantStatus })).toBeInstanceOf(TenantNotFoundError);
  });

  it.each(["pending", "deleting", "deleted"] as const)(
    "%s cannot be told from an unknown tenant outside",
    (status) => {
      const unknown = new TenantNotFoundError("domain", "nobody.example.com");

      expect(errorResponse(refusalOf({ status }))).toEqual(errorResponse(unknown));
    },
  );

  it.each(["provisioning", "failed"] as const)("%s says when to try again", (status) => {
    expect(errorResponse(refusalOf({ status })).headers).toEqual({ "retry-after": "5" });
  });

  it.each(Object.keys(answers) as TenantStatus[])(
    "%s is not told with the tenant's id outside",
    (status) => {
      const error = refusalOf({ status });
      if (error === undefined) return;

      expect(error.message).toContain(`"${acme.id}"`);
      expect(JSON.stringify(errorResponse(error))).not.toContain(acme.id);
    },
  );
});

describe("the grace of a suspension", () => {
  const suspended = { status: "suspended", suspendedAt: 0 } as const;

  it.each([
    { graceUntil: undefined, code: "TENANT_SUSPENDED" },
    { graceUntil: now + 1, code: undefined },
    { graceUntil: now, code: "TENANT_SUSPENDED" },
    { graceUntil: now - 1, code: "TENANT_SUSPENDED" },
  ])("until $graceUntil answers $code at 1000", ({ graceUntil, code }) => {
    expect(refusalOf({ ...suspended, graceUntil })?.code).toBe(code);
  });

  it("spares no condition beside the status", () => {
    const inGrace = { ...suspended, graceUntil: now + 1 };

    expect(refusalOf({ ...inGrace, maintenance })?.code).toBe("TENANT_MAINTENANCE");
    expect(refusalOf({ ...inGrace, expiresAt: now })?.code).toBe("TENANT_EXPIRED");
    expect(refusalOf({ ...inGrace, access: "closed" })?.code).toBe("TENANT_CLOSED");
  });

  it.each(["inactive", "blocked", "archived", "deleted", "deleting"] as const)(
    "serves nobody who is %s",
    (status) => {
      expect(refusalOf({ status, graceUntil: now + 1 })).toBeDefined();
    },
  );
});

describe("a condition", () => {
  it("of maintenance answers with its own message and time", () => {
    const error = refusalOf({ maintenance });

    expect(error).toBeInstanceOf(TenantDeniedError);
    expect(errorResponse(error)).toEqual({
      status: 503,
      headers: { "retry-after": "600" },
      body: { error: { code: "TENANT_MAINTENANCE", message: "Back at noon." } },
    });
  });

  it.each([
    { expiresAt: undefined, code: undefined },
    { expiresAt: now + 1, code: undefined },
    { expiresAt: now, code: "TENANT_EXPIRED" },
    { expiresAt: now - 1, code: "TENANT_EXPIRED" },
    { expiresAt: 0, code: "TENANT_EXPIRED" },
  ])("of expiry at $expiresAt answers $code at 1000", ({ expiresAt, code }) => {
    const error = refusalOf({ expiresAt });

    expect(error?.code).toBe(code);
    if (code !== undefined) expect(error?.status).toBe(403);
  });

  it.each([
    { access: "read-write", code: undefined },
    { access: "read-only", code: undefined },
    { access: "closed", code: "TENANT_CLOSED" },
  ] as const)("of access $access answers $code", ({ access, code }) => {
    const error = refusalOf({ access });

    expect(error?.code).toBe(code);
    if (code !== undefined) expect([error?.status, error?.retryAfter]).toEqual([503, 30]);
  });

  it("is not needed, nor is the time: a tenant of the application's own class may have none", () => {
    const bare: Tenant = {
      id: "bare",
      slug: "bare",
      status: "active",
      version: 1,
      placement: undefined,
    };

    expect(() => admit(bare, stoppedClock)).not.toThrow();
  });
});

describe("the order", () => {
  const all = { status: "suspended", maintenance, expiresAt: 0, access: "closed" } as const;

  it.each([
    ["status", all, "TENANT_SUSPENDED"],
    ["maintenance", { ...all, status: "active" }, "TENANT_MAINTENANCE"],
    ["expiry", { ...all, status: "active", maintenance: undefined }, "TENANT_EXPIRED"],
    ["access", { access: "closed" }, "TENANT_CLOSED"],
    ["schema", {}, "TENANT_OUTDATED"],
  ] as const)("asks for %s before what follows it", (_, values, code) => {
    expect(refusalOf({ placement, ...values }, everybody)?.code).toBe(code);
  });
});

describe("F074: the schema of a tenant", () => {
  const migrations = { isBehind: ({ schemaVersion = "" }: MigratedTenant) => schemaVersion < "2" };

  it.each([
    { schemaVersion: undefined, code: "TENANT_OUTDATED" },
    { schemaVersion: "1", code: "TENANT_OUTDATED" },
    { schemaVersion: "2", code: undefined },
    { schemaVersion: "3", code: undefined },
  ])("that is $schemaVersion answers $code where 2 is needed", ({ schemaVersion, code }) => {
    const error = refusalOf({ placement, schemaVersion }, migrations);

    expect(error?.code).toBe(code);
    if (code !== undefined) {
      expect(errorResponse(error)).toMatchObject({ status: 503, headers: { "retry-after": "10" } });
    }
  });

  it("is not asked for where there are no migrations, no database, or no record of it", () => {
    const { schemaVersion: _unknown, ...bare } = { ...acme, placement };

    expect(refusalOf({ placement })).toBeUndefined();
    expect(refusalOf({ placement: undefined }, everybody)).toBeUndefined();
    expect(() => admit(bare, clock, everybody)).not.toThrow();
  });
});

function refusalOf(
  values: Partial<MigratedTenant & TenantConditions & TenantLifeDates>,
  migrations?: Pick<TenantMigrations, "isBehind">,
) {
  try {
    admit({ ...acme, ...values }, clock, migrations);
  } catch (error) {
    if (isTenancyError(error)) return error;
    throw error;
  }
  return undefined;
}
