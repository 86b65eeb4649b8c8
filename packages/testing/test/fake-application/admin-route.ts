import { isTenancyError, type NewTenant, type TenantOperations } from "@af-tenancy/core";

/** A request to the admin API, after authentication. */
export interface AdminRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** What the admin API answers. */
export interface AdminResponse {
  readonly status: number;
  readonly body: unknown;
}

/** Answers requests that change the fleet. */
export async function adminRoute(
  operations: TenantOperations,
  { method, path, body }: AdminRequest,
): Promise<AdminResponse> {
  const [, resource, id, kind] = path.split("/");
  try {
    if (method === "POST" && resource === "tenants" && id === undefined) {
      return { status: 201, body: await operations.create(body as NewTenant) };
    }
    if (method === "PATCH" && resource === "tenants" && id !== undefined) {
      return { status: 200, body: await operations.update(id, body as object) };
    }
    if (method === "POST" && resource === "tenants" && id !== undefined && kind !== undefined) {
      return { status: 200, body: await operations.run(kind, id, {}) };
    }
    return {
      status: 404,
      body: { error: { code: "NOT_FOUND", message: "There is nothing here." } },
    };
  } catch (error) {
    if (!isTenancyError(error)) throw error;
    const { status, code, publicMessage } = error;
    return { status, body: { error: { code, message: publicMessage } } };
  }
}
