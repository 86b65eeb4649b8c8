import {
  ConfigurationError,
  checkKnownOptions,
  checkTenancy,
  type Tenancy,
  type Tenant,
} from "@af-tenancy/core";
import { SessionRecords, type SessionStore } from "./session-records.ts";

/** How sessions are kept, whatever the framework. */
export interface TenantSessionOptions<T extends Tenant = Tenant> {
  readonly tenancy: Tenancy<T>;
  /** Where they are: memory, Redis or another store of Keyv, one for all tenants. */
  readonly keyv: SessionStore;
  /** What ids in cookies are signed with, each at least 32 characters; the first signs, the others are still accepted. */
  readonly secret: string | readonly string[];
  /** Milliseconds that a session lives after it was last written; a day when absent. */
  readonly maxAge?: number;
  /** Whether each request renews it; `false` when absent: only those that change it do. */
  readonly rolling?: boolean;
  /** Cookies may travel without TLS, under the name `session`; for development only. `false` when absent. */
  readonly insecure?: boolean;
}

/** The same options, checked, with nothing left open. */
export interface SessionSettings {
  readonly records: SessionRecords;
  readonly secrets: readonly string[];
  readonly maxAge: number;
  readonly rolling: boolean;
  readonly secure: boolean;
  /** `__Host-session`, which a browser takes from the very host alone; `session` without TLS. */
  readonly cookie: string;
}

/** Checks options; `factory` is named in errors. Throws `ConfigurationError`. */
export function sessionSettings<T extends Tenant>(
  factory: string,
  options: TenantSessionOptions<T>,
): SessionSettings {
  checkKnownOptions<TenantSessionOptions<T>>(factory, options, {
    tenancy: true,
    keyv: true,
    secret: true,
    maxAge: true,
    rolling: true,
    insecure: true,
  });
  const { tenancy, keyv, secret, maxAge = day, rolling = false, insecure = false } = options;
  checkTenancy(tenancy);
  const calls = ["get", "set", "delete", "on"] as const;
  if (!calls.every((call) => typeof keyv?.[call] === "function")) {
    const remedy = "pass a Keyv, such as new Keyv() or new Keyv(new KeyvRedis(client)).";
    throw new ConfigurationError(`${factory}.keyv`, "no Keyv", remedy);
  }
  const secrets = typeof secret === "string" ? [secret] : secret;
  const isFine =
    Array.isArray(secrets) &&
    secrets.length > 0 &&
    secrets.every((one) => typeof one === "string" && one.length >= shortestSecret);
  if (!isFine) {
    const remedy = `give one or more, each of at least ${shortestSecret} characters.`;
    throw new ConfigurationError(`${factory}.secret`, "missing or too short", remedy);
  }
  if (!Number.isSafeInteger(maxAge) || maxAge < 1_000) {
    const remedy = "give whole milliseconds, at least 1,000.";
    throw new ConfigurationError(`${factory}.maxAge`, String(maxAge), remedy);
  }
  for (const [key, value] of Object.entries({ rolling, insecure })) {
    if (typeof value === "boolean") continue;
    throw new ConfigurationError(
      `${factory}.${key}`,
      `of type ${typeof value}`,
      "pass true or false.",
    );
  }
  const cookie = insecure ? "session" : "__Host-session";
  const past = "Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax";
  const expired = `${cookie}=; ${past}${insecure ? "" : "; Secure"}`;
  const records = new SessionRecords(tenancy as unknown as Tenancy<Tenant>, keyv, expired);
  return { records, secrets, maxAge, rolling, secure: !insecure, cookie };
}

const day = 86_400_000;
const shortestSecret = 32;

/** Checks the library of sessions itself; throws `ConfigurationError`. */
export function checkLibrary(factory: string, library: unknown, name: string): void {
  if (typeof library === "function") return;
  const remedy = `pass what "${name}" exports by default.`;
  throw new ConfigurationError(`${factory}(session)`, `of type ${typeof library}`, remedy);
}
