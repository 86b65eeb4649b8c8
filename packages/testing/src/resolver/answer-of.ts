import type {
  CentralDomains,
  TenancyRequest,
  TenantResolution,
  TenantResolver,
} from "@af-tenancy/core";

/** What a resolver did with a request. */
export type Answer =
  | { readonly kind: "answer"; readonly resolution: TenantResolution | undefined }
  | { readonly kind: "error"; readonly error: unknown };

/** Asks a resolver and catches what it throws. */
export async function answerOf(
  resolver: TenantResolver,
  request: TenancyRequest,
  central: CentralDomains,
): Promise<Answer> {
  try {
    return { kind: "answer", resolution: await resolver.resolve(request, central) };
  } catch (error) {
    return { kind: "error", error };
  }
}
