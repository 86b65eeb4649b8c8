import { InvalidHostError, type TenantResolver } from "@af-tenancy/core";
import { headersNamed } from "./headers-named.ts";

/** Finds the tenant in the host: a label under the base domain is a slug, any other host is a domain. */
export function hostResolver(base: string): TenantResolver {
  return {
    name: "host",
    resolve({ rawHeaders }, central) {
      const [host, ...more] = headersNamed(rawHeaders, "host");
      if (host === undefined) throw new InvalidHostError("", "there is none");
      if (more.length > 0) throw new InvalidHostError(host, "there is more than one");
      if (host.length > 253 || !hostName.test(host)) throw new InvalidHostError(host, "bad name");
      const name = host.replace(/:\d+$/, "").toLowerCase();
      if (central.has(name)) return { kind: "central" };
      if (name === "localhost") return undefined;
      if (!name.endsWith(`.${base}`)) {
        return { kind: "tenant", candidates: [{ by: "domain", value: name }] };
      }
      const slug = name.slice(0, -base.length - 1);
      return {
        kind: "tenant",
        candidates: [
          { by: "domain", value: name },
          { by: "slug", value: slug },
        ],
      };
    },
  };
}

const hostName = /^[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/i;
