import { isInBlocks } from "./address-blocks.ts";
import type { AdmissionOptions } from "./admission-options.ts";
import type { Clock } from "./contracts/clock.ts";
import type { KeyRing } from "./contracts/keys.ts";
import type { TenancyRequest } from "./contracts/resolver.ts";
import type { Maintenance, Tenant } from "./contracts/tenant.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { MaintenanceBypassedError } from "./errors/resolution-errors.ts";
import { onlyCookie, onlyHeader } from "./header-values.ts";
import { isThenable } from "./maybe-promise.ts";

/** Signs the secret that lets past a maintenance, such that the registry does not have it; see `MaintenancePass`. */
export function sealBypass(keys: KeyRing, secret: string): string {
  return keys.sign(bypassPurpose, `secret ${secret}`);
}

/** What the key ring derives the key from; also names the need in `KeysRequiredError`. */
export const bypassPurpose = "maintenance-bypass";

/** Tells who is served during a maintenance: addresses that it allows, and whoever has its secret. */
export class MaintenancePass {
  readonly #keys: KeyRing | undefined;
  readonly #clock: Pick<Clock, "now">;
  readonly #clientAddress: (request: TenancyRequest) => string | undefined;
  readonly #bypassMs: number;

  constructor(
    keys: KeyRing | undefined,
    clock: Pick<Clock, "now">,
    { clientAddress, bypassMs = 12 * 60 * 60_000 }: Omit<AdmissionOptions, "answers" | "page">,
  ) {
    this.#keys = keys;
    this.#clock = clock;
    this.#clientAddress = clientAddress ?? (({ remoteAddress }) => remoteAddress);
    this.#bypassMs = bypassMs;
  }

  /**
   * Tells whether a request is served all the same. Throws `MaintenanceBypassedError` for a link with the secret: its
   * answer is a cookie that passes, and the way back without the secret; and `ConfigurationError` when the application's
   * `clientAddress` gives no address.
   */
  lets(tenant: Tenant, maintenance: Maintenance, request: TenancyRequest): boolean {
    const { allowed, bypass } = maintenance;
    if (allowed !== undefined && isInBlocks(allowed, this.#addressOf(request))) return true;
    const keys = this.#keys;
    if (bypass === undefined || keys === undefined) return false;
    const isSecret = (given: string | undefined) =>
      given !== undefined && keys.verify(bypassPurpose, `secret ${given}`, bypass);
    if (this.#isPass(keys, tenant, bypass, onlyCookie(request.rawHeaders, cookieName))) return true;
    if (isSecret(onlyHeader(request.rawHeaders, headerName))) return true;
    const link = linkOf(request);
    if (link === undefined || !isSecret(link.secret)) return false;
    throw new MaintenanceBypassedError(tenant.id, link.rest, this.#cookie(keys, tenant, bypass));
  }

  /** Throws `ConfigurationError` for what is neither a text nor nothing. */
  #addressOf(request: TenancyRequest): string | undefined {
    const given: unknown = this.#clientAddress(request) ?? undefined;
    if (given === undefined || typeof given === "string") return given;
    const isPromise = isThenable(given);
    // It may reject, and nobody is going to ask it.
    if (isPromise) given.then(undefined, () => undefined);
    throw new ConfigurationError(
      "admission.clientAddress",
      `a function that gave ${isPromise ? "a promise" : `a value of type ${typeof given}`}`,
      "have it give the address as a text, at once, or undefined where it is not known.",
    );
  }

  /** Bound to the tenant and to the secret: another one ends it. */
  #isPass(keys: KeyRing, { id }: Tenant, bypass: string, cookie: string | undefined): boolean {
    const [until = "", ...signature] = cookie?.split(".") ?? [];
    if (!/^\d{1,16}$/.test(until) || Number(until) <= this.#clock.now()) return false;
    return keys.verify(bypassPurpose, passOf(id, until, bypass), signature.join("."));
  }

  #cookie(keys: KeyRing, { id }: Tenant, bypass: string): string {
    const until = String(this.#clock.now() + this.#bypassMs);
    const signature = keys.sign(bypassPurpose, passOf(id, until, bypass));
    const age = Math.floor(this.#bypassMs / 1_000);
    return `${cookieName}=${until}.${signature}; Path=/; Max-Age=${age}; Secure; HttpOnly; SameSite=Lax`;
  }
}

/** The prefix has browsers take it from this very host only, and over TLS. */
const cookieName = "__Host-af-maintenance";
const headerName = "x-maintenance-bypass";
const parameter = "maintenance_bypass";

function passOf(tenantId: string, until: string, bypass: string): string {
  return JSON.stringify(["pass", tenantId, until, bypass]);
}

/** The secret in a link, and the target without it, which never leads to another host. */
function linkOf({ method, url }: TenancyRequest) {
  if (method !== "GET" && method !== "HEAD") return undefined;
  const at = url.indexOf("?");
  if (at < 0) return undefined;
  const pairs = url.slice(at + 1).split("&");
  const found = pairs.filter((pair) => pair.startsWith(`${parameter}=`));
  if (found.length !== 1) return undefined;
  const rest = pairs.filter((pair) => !found.includes(pair)).join("&");
  const path = url.slice(0, at).replace(/^[/\\]*/, "/");
  return {
    secret: decoded(found[0]?.slice(parameter.length + 1) ?? ""),
    rest: `${url.startsWith("/") ? path : "/"}${rest === "" ? "" : `?${rest}`}`,
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
