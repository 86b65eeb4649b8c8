import { headerValues, TenancyError, type TenantResolver } from "@af-tenancy/core";

/** Finds the tenant by the id of its account in a header, for calls from our own services. */
export function accountResolver(): TenantResolver {
  return {
    name: "account",
    spoofable: 'the header "X-Account"',
    resolve({ rawHeaders }) {
      const values = headerValues(rawHeaders, "X-Account");
      const [value] = values;
      if (value === undefined) return undefined; // no opinion: let the next resolver say
      if (values.length > 1 || !/^[A-Za-z0-9_-]{1,64}$/.test(value)) throw new BadAccountError();
      return { kind: "tenant", candidates: [{ by: "id", value }] };
    },
  };
}

/** Thrown when the header is doubled or holds no id. */
export class BadAccountError extends TenancyError {
  readonly code = "BAD_ACCOUNT";
  override readonly status = 400;
  override readonly publicMessage = "The account header is malformed.";

  constructor() {
    super('The header "X-Account" is malformed: send it once, with the id of one tenant.');
  }
}
