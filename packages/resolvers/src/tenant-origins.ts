import {
  ConfigurationError,
  isTenancyError,
  type Tenancy,
  type Tenant,
  type TenantResolver,
} from "@af-tenancy/core";
import { checkResolver } from "./check-resolver.ts";
import { InvalidReferenceError } from "./errors.ts";
import { isMachineHost } from "./is-machine-host.ts";
import { parseHost, type RefuseHost } from "./parse-host.ts";

/** Whose pages may read a tenant's answers. */
export interface TenantOriginsOptions<T extends Tenant> {
  /** Reads the host of an origin as if a request had come to it: the tenant that it means has to be the current one. */
  readonly hosts: TenantResolver;
  /** The origins of others, such as `https://shop.example`, as browsers send them; none when absent. */
  readonly also?: (tenant: T) => readonly string[];
}

/**
 * Makes what a CORS library asks whether pages of an origin may read an answer: those of the current tenant, at its own
 * hosts and over HTTPS (without it on `localhost` and below), and those that `also` gives for it. Another tenant's may not,
 * nor anybody's outside a tenant.
 *
 * @example const allows = tenantOrigins(tenancy, { hosts: domainResolver() }); await allows("https://acme.example.com");
 * @throws ConfigurationError when an option cannot be right, or `hosts` believes what anybody can set
 */
export function tenantOrigins<T extends Tenant>(
  tenancy: Tenancy<T>,
  { hosts, also }: TenantOriginsOptions<T>,
): (origin: string | undefined) => Promise<boolean> {
  checkResolver("tenantOrigins.hosts", hosts);
  if (hosts.spoofable !== undefined) {
    throw new ConfigurationError(
      "tenantOrigins.hosts",
      `a resolver that believes ${hosts.spoofable}`,
      "pass one of hosts alone, such as domainResolver().",
    );
  }

  async function ownerOf(host: string): Promise<T | undefined> {
    const request = {
      method: "GET",
      url: "/",
      rawHeaders: ["Host", host],
      remoteAddress: undefined,
    };
    const resolution = await hosts.resolve(request, noCentralHosts);
    if (resolution?.kind !== "tenant") return undefined;
    for (const candidate of resolution.candidates) {
      const found = await tenancy.find(candidate);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  return async function isAllowed(origin) {
    const tenant = tenancy.current();
    if (tenant === null || origin === undefined) return false;
    if (also?.(tenant).includes(origin)) return true;
    const host = hostOf(origin);
    return host !== undefined && (await ownerOf(host))?.id === tenant.id;
  };
}

/** The host of a web page's origin that nobody on the way can have changed; `undefined` for any other text. */
function hostOf(origin: string): string | undefined {
  const [, scheme, authority = ""] = /^(https?):\/\/([^/]+)$/.exec(origin) ?? [];
  try {
    const host = parseHost(authority, refuse);
    const isHere = host === "localhost" || host.endsWith(".localhost");
    if (isHere) return host;
    return scheme === "https" && authority === host && !isMachineHost(host) ? host : undefined;
  } catch (error) {
    if (isTenancyError(error)) return undefined;
    throw error;
  }
}

/** Whether a host is central does not matter: no tenant has it. */
const noCentralHosts = Object.freeze({ names: Object.freeze([]), has: () => false });

const refuse: RefuseHost = (text, reason) => {
  throw new InvalidReferenceError("origin", text, reason);
};
