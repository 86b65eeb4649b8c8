import { TenancyError, type TenantResolver } from "@af-tenancy/core";

/** Finds the tenant by its id in a header, for calls from our own services behind the proxy. */
export function headerResolver(header: string): TenantResolver {
  const wanted = header.toLowerCase();
  return {
    name: "header",
    resolve({ rawHeaders }) {
      const values = rawHeaders.filter(
        (_, i) => rawHeaders[i - 1]?.toLowerCase() === wanted && i % 2,
      );
      const [value] = values;
      if (value === undefined) return undefined; // no opinion: let the next resolver say
      if (values.length > 1 || !/^[A-Za-z0-9_-]{1,64}$/.test(value))
        throw new BadHeaderError(header);
      return { kind: "tenant", candidates: [{ by: "id", value }] };
    },
  };
}

/** Thrown when the header is doubled or holds no id. */
export class BadHeaderError extends TenancyError {
  readonly code = "BAD_TENANT_HEADER";
  override readonly status = 400;
  override readonly publicMessage = "The tenant header is malformed.";

  constructor(header: string) {
    super(`The header "${header}" is malformed: send it once, with the id of one tenant.`);
  }
}
