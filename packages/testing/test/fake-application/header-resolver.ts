import { InvalidInputError, type TenantResolver } from "@af-tenancy/core";
import { headersNamed } from "./headers-named.ts";

/** Finds the slug of the tenant in a header; whoever can set the header chooses the tenant, so wrap it in `trusting`. */
export function headerResolver(header: string): TenantResolver {
  return {
    name: `header ${header}`,
    resolve({ rawHeaders }) {
      const values = headersNamed(rawHeaders, header.toLowerCase());
      if (values.length === 0) return undefined;
      const value = values.join(", ");
      if (!/^[a-z0-9-]{1,63}$/.test(value)) {
        throw new InvalidInputError(header, value.slice(0, 100), "give one slug");
      }
      return { kind: "tenant", candidates: [{ by: "slug", value }] };
    },
  };
}
